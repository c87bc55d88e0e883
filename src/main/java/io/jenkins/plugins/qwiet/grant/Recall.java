package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Revokes tokens whether or not a build uses them: an administrator says so, or the job is gone. Looks up credentials on
 * the calling thread; the calls to Qwiet go on in the background, and what fails is left to the janitor.
 */
public final class Recall {
    private final JenkinsLeases leases = JenkinsLeases.get();
    private final JanitorBuilds builds = new JanitorBuilds(leases);
    private final Leasing leasing;

    /** @throws AbortException if the leases cannot be read or written, with a sentence that says where */
    public Recall() throws AbortException {
        leasing = leases.leasing();
    }

    /**
     * Recalls these.
     *
     * @return always completes normally, when all of them are revoked or have failed
     */
    @NonNull
    public CompletableFuture<Void> all(@NonNull Collection<Lease> some) {
        return CompletableFuture.allOf(some.stream().map(this::one).toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> one(Lease lease) {
        // Now: a folder takes its credentials along when it is deleted.
        Optional<QwietClient> client = QwietConnections.get().of(lease);
        return leasing.release(lease.nonce())
                .thenComposeAsync(
                        released -> client.map(c -> revoke(c, lease)).orElseGet(this::sayWhy), leases.fileWork());
    }

    private CompletableFuture<Void> revoke(QwietClient client, Lease lease) {
        return leasing.revoke(client, lease).thenAccept(revocation -> {
            if (revocation instanceof Revocation.Revoked) {
                builds.revoked(lease);
            }
        });
    }

    /** The janitor writes into a lease that there is no credential for it. */
    private CompletableFuture<Void> sayWhy() {
        try {
            return leases.janitor().sweep().thenAccept(sweep -> {});
        } catch (AbortException e) {
            return CompletableFuture.completedFuture(null);
        }
    }
}
