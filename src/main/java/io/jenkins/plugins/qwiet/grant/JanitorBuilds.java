package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.redact.KnownBuilds;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * The builds of this Jenkins, for the janitor. Looks with the eyes of Jenkins itself: to anybody who may not see a job,
 * its builds would seem to be gone.
 */
final class JanitorBuilds implements Janitor.Builds {
    private final JenkinsLeases leases;

    JanitorBuilds(JenkinsLeases leases) {
        this.leases = leases;
    }

    /** Whether its build is running, or is to go on after a restart. */
    @Override
    public boolean mayStillUse(@NonNull Lease lease) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Run<?, ?> run = byId(lease);
            // Its job may be getting another name at this moment: then its build is not found by the old one.
            return run != null
                    ? RunningBuilds.isOn(run) && (has(run, lease) || !isOfFormer(run, lease))
                    : executing().anyMatch(each -> RunningBuilds.isOn(each) && has(each, lease));
        }
    }

    /**
     * Whether it was opened for a build of the same number that there was before: jobs were restored from a backup, or a job
     * was made anew.
     */
    private static boolean isOfFormer(Run<?, ?> run, Lease lease) {
        return lease.openedAt().isBefore(Instant.ofEpochMilli(run.getTimeInMillis()));
    }

    /** Notes it in the build, if that is still there. */
    @Override
    public void revoked(@NonNull Lease lease) {
        leases.threads().execute(() -> {
            KnownBuilds.forgetUnloaded(lease.buildId());
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                Run<?, ?> run = byId(lease);
                BuildTokens tokens = run == null ? null : BuildTokens.of(run).orElse(null);
                if (tokens != null) {
                    tokens.gone(lease.nonce(), leases.clock().instant());
                    if (run.isBuilding()) {
                        // No node of a Pipeline comes with it, as at the end of a block.
                        BuildSaves.now(run);
                    }
                }
            }
        });
    }

    @CheckForNull
    private static Run<?, ?> byId(Lease lease) {
        try {
            return Run.fromExternalizableId(lease.buildId());
        } catch (IllegalArgumentException e) {
            // No build has such an id.
            return null;
        }
    }

    private static boolean has(Run<?, ?> run, Lease lease) {
        return BuildTokens.of(run)
                .filter(tokens -> tokens.getTokens().stream()
                        .anyMatch(token -> token.nonce().equals(lease.nonce())))
                .isPresent();
    }

    private static Stream<Run<?, ?>> executing() {
        return Stream.of(Jenkins.get().getComputers())
                .flatMap(computer -> computer.getAllExecutors().stream())
                .<Run<?, ?>>map(executor -> executor.getCurrentExecutable() instanceof Run<?, ?> run ? run : null)
                .filter(Objects::nonNull);
    }
}
