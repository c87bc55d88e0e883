package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.redact.KnownBuilds;

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

    /** Notes it in the build, if that is still there. */
    @Override
    public void revoked(@NonNull Lease lease) {
        leases.threads().execute(() -> {
            KnownBuilds.forgetUnloaded(lease.buildId());
            Run<?, ?> run = new BuildsOfLeases().of(lease);
            BuildTokens tokens = run == null ? null : BuildTokens.of(run).orElse(null);
            if (tokens != null) {
                tokens.gone(lease.nonce(), leases.clock().instant());
                if (run.isBuilding()) {
                    // No node of a Pipeline comes with it, as at the end of a block.
                    BuildSaves.now(run);
                }
            }
        });
    }
}
