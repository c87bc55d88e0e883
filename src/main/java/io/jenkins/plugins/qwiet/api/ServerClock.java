package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What time it is at a Qwiet API, as the {@code Date} headers (RFC 9110, 6.6.1) of its answers say. Kept against a
 * monotonic source: if somebody sets this machine's clock, the difference is right at once. As exact as the header, about
 * a second, and as the call was short: the answer was dated at any moment of it. Of what that leaves open, nothing is said
 * that our own clock does not say. Safe on any thread.
 */
public final class ServerClock {
    /** A difference of more than this is worth a word to an administrator. */
    public static final Duration BEARABLE = Duration.ofMinutes(2);

    /** What the clocks of one service may differ by, and more than a list may be old. */
    static final Duration FRESH = Duration.ofSeconds(30);

    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    /**
     * What time it was.
     *
     * @param date in the middle of what it may have been
     * @param nanos when, by the monotonic source
     * @param open by how much it may have been earlier, or later
     */
    private record Seen(Instant date, long nanos, Duration open) {
        Instant earliest(long at) {
            return date.plusNanos(at - nanos).minus(open);
        }

        Instant latest(long at) {
            return date.plusNanos(at - nanos).plus(open);
        }

        /** What is known now, if this was before: a slow answer that may be of the same clock tells nothing new. */
        Seen then(Seen next) {
            return next.open.compareTo(open) > 0 && off(this, next).isZero()
                    ? new Seen(date.plusNanos(next.nanos - nanos), next.nanos, open)
                    : next;
        }
    }

    private final Clock clock;
    private final LongSupplier nanos;
    private volatile Seen last;
    /** The last answer that no cache can have given. */
    private volatile Seen sure;
    /** Whether only answers said what time it is that a cache may have kept, and all of them a time that is before ours. */
    private volatile boolean unsure;

    /**
     * Knows nothing yet.
     *
     * @param clock this machine's
     * @param nanos a monotonic source, such as {@link System#nanoTime}
     */
    public ServerClock(@NonNull Clock clock, @NonNull LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Takes an answer of Qwiet itself.
     *
     * @param date its header, in whole seconds: cut, not rounded
     * @param sentAt when the request left, by the monotonic source
     * @param keepable whether a cache may have answered: then an older time than is known says nothing. However long such answers
     *     go on like a clock: what several nodes keep does so too, if they are asked by turns
     */
    synchronized void saw(@NonNull Instant date, long sentAt, boolean keepable) {
        long now = nanos.getAsLong();
        long half = (now - sentAt) / 2;
        var seen = new Seen(date.plus(HALF_A_SECOND), sentAt + half, HALF_A_SECOND.plusNanos(half));
        Instant ours = clock.instant().minusNanos(now - sentAt);
        if (!keepable) {
            sure = sure == null ? seen : sure.then(seen);
        }
        if (!keepable || last == null) {
            unsure = keepable && isOld(date, ours);
            last = last == null ? seen : last.then(seen);
        } else if (!isOld(date, last.earliest(sentAt))) {
            unsure = unsure && isOld(date, ours);
            last = last.then(seen);
        }
    }

    /** What their clocks differ by at least, if each is of a clock. */
    private static Duration off(Seen first, Seen second) {
        Duration byNanos = Duration.ofNanos(second.nanos() - first.nanos());
        Duration apart =
                Duration.between(first.date(), second.date()).minus(byNanos).abs();
        Duration certain = apart.minus(first.open()).minus(second.open());
        return certain.isNegative() ? Duration.ZERO : certain;
    }

    /** Whether an answer of that date is not one to a question that was asked then. */
    static boolean isOld(@NonNull Instant date, @NonNull Instant asked) {
        return date.isBefore(asked.minus(FRESH));
    }

    /**
     * How far Qwiet's clock is ahead of ours, at least; negative if it is behind. Null as long as Qwiet did not say, or only in an
     * answer that a cache may have kept.
     */
    @CheckForNull
    public Duration skew() {
        return unsure ? null : difference();
    }

    /** Whether Qwiet said what time it is, and not only in an answer that a cache may have kept. */
    public boolean isKnown() {
        return skew() != null;
    }

    @CheckForNull
    private Duration difference() {
        Instant ours = clock.instant();
        return last == null ? null : Duration.between(ours, nearest(ours));
    }

    /** What time it is at Qwiet, as far as is known; ours as long as it did not say. */
    @NonNull
    public Instant now() {
        return nearest(clock.instant());
    }

    /** Our own time, unless Qwiet's answers say that it is another there: then the nearest that they leave open. */
    private Instant nearest(Instant ours) {
        Seen seen = last;
        long now = nanos.getAsLong();
        if (seen == null) {
            return ours;
        } else if (ours.isBefore(seen.earliest(now))) {
            return seen.earliest(now);
        }
        return ours.isAfter(seen.latest(now)) ? seen.latest(now) : ours;
    }

    /**
     * What time it is at Qwiet at least: the earliest that our own clock, its answers, or those of them tell that no cache
     * can have given. A cache whose clock is ahead does not end anything by this.
     */
    @NonNull
    public Instant atLeast() {
        Instant least = clock.instant();
        long now = nanos.getAsLong();
        for (Seen seen : new Seen[] {last, sure}) {
            if (seen != null && seen.earliest(now).isBefore(least)) {
                least = seen.earliest(now);
            }
        }
        return least;
    }

    /** What time it is at least; null as long as Qwiet did not say. */
    @CheckForNull
    Instant earliest() {
        Seen seen = last;
        return seen == null ? null : seen.earliest(nanos.getAsLong());
    }

    /** Whether only what a cache may have kept said what time it is, and that it is before our own. */
    boolean isUnsure() {
        return unsure;
    }
}
