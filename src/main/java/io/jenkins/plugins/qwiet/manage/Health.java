package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.DiskTrouble;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether tokens are revoked and leases are stored, by the rule of {@link RevocationMonitor} and from its look. Says nothing
 * of a job, an organization or an error, so that whoever may know the health of a Jenkins may read it. Waits for no disk.
 */
final class Health {
    /** Where it looks; none of this waits. */
    interface Source {
        /** Whether the leases have been read. */
        boolean isOpen();

        /** Why they could not be; null if they can be, or nobody has tried. */
        @CheckForNull
        String problem();

        /** Why nothing can be written. */
        Optional<DiskTrouble> trouble();
    }

    private final Clock clock;
    private final Source source;
    private final Supplier<? extends Collection<Lease>> failing;
    private Instant closedSince;

    /** Of this Jenkins. */
    Health() {
        this(Clock.systemUTC(), new OfJenkins(), () -> RevocationMonitor.get().failing());
    }

    /** @param failing those that have been failing too long; not called before the leases have been read */
    Health(Clock clock, Source source, Supplier<? extends Collection<Lease>> failing) {
        this.clock = clock;
        this.source = source;
        this.failing = failing;
    }

    /** What is wrong, in one sentence; empty if nothing is. */
    @NonNull
    synchronized Optional<String> problem() {
        if (!source.isOpen()) {
            return source.problem() != null || isClosedTooLong()
                    ? Optional.of(Messages.Health_unusable())
                    : Optional.empty();
        }
        closedSince = null;
        return source.trouble()
                .map(trouble -> Messages.Health_trouble(DisplayTime.text(trouble.since())))
                .or(() -> notRevoked(failing.get()));
    }

    /** Who reads them may hang. */
    private boolean isClosedTooLong() {
        Instant now = clock.instant();
        if (closedSince == null || now.isBefore(closedSince)) {
            closedSince = now;
        }
        return !now.isBefore(closedSince.plus(RevocationMonitor.BEARABLE));
    }

    private static Optional<String> notRevoked(Collection<Lease> failing) {
        return failing.stream()
                .map(Lease::failingSince)
                .min(Instant::compareTo)
                .map(since -> Messages.Health_failing(String.valueOf(failing.size()), DisplayTime.text(since)));
    }

    private static final class OfJenkins implements Source {
        @Override
        public boolean isOpen() {
            return JenkinsLeases.get().isOpen();
        }

        @Override
        public String problem() {
            return JenkinsLeases.get().problem();
        }

        @Override
        public Optional<DiskTrouble> trouble() {
            try {
                return JenkinsLeases.get().leasing().store().trouble();
            } catch (AbortException e) {
                // It is open.
                return Optional.empty();
            }
        }
    }
}
