package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many leases there are now. One look serves all who ask within a second, as they do one after the other. */
final class LeaseFigures {
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    /** Where it looks. */
    interface Source {
        /** Null if they are not read yet. Waits for nothing. */
        @CheckForNull
        Collection<Lease> leases();

        int resting();
    }

    private record Look(long at, boolean open, Map<Lease.State, Integer> byState, int resting, Instant failingSince) {}

    private final Source source;
    private final Clock clock;
    private final LongSupplier nanos;
    private Look look;

    LeaseFigures() {
        this(new OfJenkins(), Clock.systemUTC(), System::nanoTime);
    }

    LeaseFigures(Source source, Clock clock, LongSupplier nanos) {
        this.source = source;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** How many are in that state; null as long as nobody knows. */
    @CheckForNull
    Integer in(@NonNull Lease.State state) {
        Look now = look();
        return now.open ? now.byState.getOrDefault(state, 0) : null;
    }

    /** How many rest; null as long as nobody knows. */
    @CheckForNull
    Integer resting() {
        Look now = look();
        return now.open ? now.resting : null;
    }

    /** For how many seconds the one that has been failing longest has done so; 0 if none fails, null as long as nobody knows. */
    @CheckForNull
    Long failingSeconds() {
        Look now = look();
        if (!now.open) {
            return null;
        }
        return now.failingSince == null
                ? 0
                : Math.max(
                        0, Duration.between(now.failingSince, clock.instant()).toSeconds());
    }

    private synchronized Look look() {
        long at = nanos.getAsLong();
        if (look == null || at - look.at >= FRESH) {
            look = look(at);
        }
        return look;
    }

    private Look look(long at) {
        Collection<Lease> leases = source.leases();
        if (leases == null) {
            return new Look(at, false, Map.of(), 0, null);
        }
        Map<Lease.State, Integer> byState = new EnumMap<>(Lease.State.class);
        Instant first = null;
        for (Lease lease : leases) {
            byState.merge(lease.state(), 1, Integer::sum);
            Instant since = lease.failingSince();
            if (since != null && (first == null || since.isBefore(first))) {
                first = since;
            }
        }
        return new Look(at, true, byState, source.resting(), first);
    }

    private static final class OfJenkins implements Source {
        @Override
        public Collection<Lease> leases() {
            try {
                return JenkinsLeases.get().isOpen()
                        ? JenkinsLeases.get().leasing().store().leases()
                        : null;
            } catch (AbortException e) {
                return null;
            }
        }

        @Override
        public int resting() {
            try {
                return JenkinsLeases.get().leasing().store().others().count();
            } catch (AbortException e) {
                return 0;
            }
        }
    }
}
