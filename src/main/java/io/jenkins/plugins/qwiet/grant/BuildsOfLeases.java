package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Knows which build a lease is of, and whether that may still use its token: asked in one way by all. Looks with the eyes
 * of Jenkins itself: to anybody who may not see a job, its builds would seem to be gone. For one thread, and one look.
 */
public final class BuildsOfLeases {
    private List<Run<?, ?>> executing;

    /**
     * The very build that a lease was opened for: none that merely has its number, since jobs were restored from a backup, or
     * a job was made anew.
     *
     * @return null if it is not there any more
     */
    @CheckForNull
    public Run<?, ?> of(@NonNull Lease lease) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Run<?, ?> run = byId(lease);
            if (run != null && isOf(run, lease)) {
                return run;
            }
            // Its job may be getting another name at this moment, or got one that the lease does not know: then its
            // build is
            // not found by the old one, or another is.
            return executing().stream()
                    .filter(each -> RunningBuilds.isOn(each) && has(each, lease))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Whether that build is running, or is to go on after a restart. */
    public boolean mayUse(@NonNull Lease lease) {
        Run<?, ?> run = of(lease);
        return run != null && RunningBuilds.isOn(run);
    }

    /**
     * Whether a lease that has the id of a build is of this very build. What the build's record knows is; what this process
     * mints, too, until the record knows it. Of what neither knows, it is told by its time.
     */
    public static boolean isOf(@NonNull Run<?, ?> run, @NonNull Lease lease) {
        // In this order: it may arrive in the record meanwhile.
        return isOnItsWay(lease) || has(run, lease) || !isOfFormer(run, lease);
    }

    private static boolean isOnItsWay(Lease lease) {
        try {
            return JenkinsLeases.get().leasing().isOnItsWay(lease.nonce());
        } catch (AbortException e) {
            return false;
        }
    }

    private static boolean has(Run<?, ?> run, Lease lease) {
        return BuildTokens.of(run)
                .filter(tokens -> tokens.getTokens().stream()
                        .anyMatch(token -> token.nonce().equals(lease.nonce())))
                .isPresent();
    }

    private static boolean isOfFormer(Run<?, ?> run, Lease lease) {
        return lease.openedAt().isBefore(Instant.ofEpochMilli(run.getTimeInMillis()));
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

    private List<Run<?, ?>> executing() {
        if (executing == null) {
            executing = Stream.of(Jenkins.get().getComputers())
                    .flatMap(computer -> computer.getAllExecutors().stream())
                    .<Run<?, ?>>map(executor -> executor.getCurrentExecutable() instanceof Run<?, ?> run ? run : null)
                    .filter(Objects::nonNull)
                    .toList();
        }
        return executing;
    }
}
