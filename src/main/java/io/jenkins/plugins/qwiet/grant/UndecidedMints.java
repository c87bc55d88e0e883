package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Requests for a token of which nobody knows yet if they made one. */
final class UndecidedMints {
    private static final Logger LOGGER = Logger.getLogger(UndecidedMints.class.getName());

    private UndecidedMints() {}

    /**
     * Looks for what the last such request for a label made, and revokes it. Never blocks.
     *
     * @return whether Qwiet said what there is, or no such request is open; always completes normally
     */
    @NonNull
    static CompletableFuture<Boolean> decide(@NonNull Run<?, ?> run, @NonNull String label) {
        Leasing leasing;
        try {
            leasing = JenkinsLeases.get().leasing();
        } catch (AbortException e) {
            // The mint says so itself.
            return CompletableFuture.completedFuture(true);
        }
        Set<String> given = BuildTokens.of(run).stream()
                .flatMap(tokens -> tokens.getTokens().stream())
                .map(TokenRecord::nonce)
                .collect(Collectors.toSet());
        return leasing.store().ofBuild(run.getExternalizableId()).stream()
                .filter(lease -> lease.releasedAt() != null && lease.label().equals(label))
                .filter(lease -> !given.contains(lease.nonce()))
                .max(Comparator.comparing(lease -> lease.identity().openedAt()))
                .map(lease -> decide(leasing, run, lease))
                .orElseGet(() -> CompletableFuture.completedFuture(true));
    }

    private static CompletableFuture<Boolean> decide(Leasing leasing, Run<?, ?> run, Lease lease) {
        JenkinsLeases leases = JenkinsLeases.get();
        return QwietConnections.get()
                .of(lease, leases.lookUps(run.getParent().getFullName()))
                .thenComposeAsync(
                        client -> client.isEmpty()
                                ? CompletableFuture.completedFuture(false)
                                : leasing.revoke(client.get().patient(), lease).thenApply(UndecidedMints::isKnown),
                        leases.threads())
                .exceptionally(problem -> {
                    LOGGER.log(Level.WARNING, problem, () -> "Could not look for a token of " + run);
                    return false;
                });
    }

    private static boolean isKnown(Revocation end) {
        return end instanceof Revocation.Revoked || end instanceof Revocation.NotListed;
    }
}
