package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.Revocation.Revoked;
import io.jenkins.plugins.qwiet.redact.KnownBuilds;
import java.util.function.BiConsumer;

/** The builds of this Jenkins, for the janitor. */
final class JanitorBuilds implements Janitor.Builds {
    private final JenkinsLeases leases;

    JanitorBuilds(JenkinsLeases leases) {
        this.leases = leases;
    }

    @Override
    public boolean mayStillUse(@NonNull Lease lease) {
        return new BuildsOfLeases().mayUse(lease);
    }

    /** Tells the build, if that is still there: its log has nothing of it, or that it was not revoked yet. */
    @Override
    public void revoked(@NonNull Lease lease, @NonNull Revoked revoked) {
        find(lease, (run, tokens) -> {
            if (run.isBuilding() && !TokenRevoker.isUnderWay(lease.nonce()) && mayBeLive(tokens, lease)) {
                new ToldBuild(run, BuildLog.of(run)).revoked(lease, revoked);
            } else {
                tokens.gone(lease.nonce(), leases.clock().instant());
            }
        });
    }

    /** Notes in the build, if that is still there, that the token of a lease is gone, and says nothing. */
    void note(Lease lease) {
        find(lease, (run, tokens) -> tokens.gone(lease.nonce(), leases.clock().instant()));
    }

    /** Of what was never recorded, the log does not speak. */
    private static boolean mayBeLive(BuildTokens tokens, Lease lease) {
        return tokens.getTokens().stream().anyMatch(token -> token.nonce().equals(lease.nonce()) && token.mayBeLive());
    }

    private void find(Lease lease, BiConsumer<Run<?, ?>, BuildTokens> then) {
        leases.threads().execute(() -> {
            KnownBuilds.forgetUnloaded(lease.buildId());
            Run<?, ?> run = new BuildsOfLeases().of(lease);
            if (run != null) {
                BuildTokens.of(run).ifPresent(tokens -> then.accept(run, tokens));
            }
        });
    }
}
