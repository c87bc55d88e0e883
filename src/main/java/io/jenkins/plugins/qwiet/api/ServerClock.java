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
 * a second. Safe on any thread.
 */
public final class ServerClock {
    /** A difference of more than this is worth a word to an administrator. */
    public static final Duration BEARABLE = Duration.ofMinutes(2);

    /** What the clocks of one service may differ by, and more than a list may be old. */
    static final Duration FRESH = Duration.ofSeconds(30);

    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private record Seen(Instant date, long nanos) {}

    private final Clock clock;
    private final LongSupplier nanos;
    private volatile Seen last;
    /** The last answer that no cache can have given. */
    private volatile Seen sure;
    /** What that relies on, if a cache may have kept it: it is before our time, and nothing agreed with it yet. Else null. */
    private volatile Seen unsure;
    /** An answer that a cache may have kept. */
    private Seen doubted;
    /** Of the clock of those who answer lists, if it is behind that of the others; null if it is the same. */
    private volatile Seen lists;

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
     * @param keepable whether a cache may have answered: then an older time than is known counts only if it goes on like a
     *     clock, which what is kept does not
     */
    synchronized void saw(@NonNull Instant date, long sentAt, boolean keepable) {
        long now = nanos.getAsLong();
        var seen = new Seen(date.plus(HALF_A_SECOND), sentAt + (now - sentAt) / 2);
        if (!keepable) {
            sure = seen;
        }
        if (!keepable || last == null) {
            // This says nothing of who answers lists: they may have a clock of their own.
            unsure = keepable && isOld(date, clock.instant()) ? seen : null;
            last = seen;
            return;
        }
        becomesSure(seen, date);
        boolean known = lists != null && off(lists, seen).compareTo(FRESH) <= 0;
        if (!known && isOld(date, at(last))) {
            if (!goesOn(seen)) {
                return;
            }
            lists = doubted;
            known = true;
        }
        if (!known) {
            doubted = null;
            lists = null;
            last = seen;
        } else if (last.nanos() - lists.nanos() <= 0 || off(lists, last).compareTo(FRESH) <= 0) {
            // Nobody tells another time since.
            last = seen;
        }
    }

    private void becomesSure(Seen seen, Instant date) {
        Seen first = unsure;
        if (first == null) {
            return;
        } else if (agrees(seen, first) || !isOld(date, clock.instant())) {
            unsure = null;
        } else if (off(first, seen).compareTo(FRESH) > 0) {
            unsure = seen;
        }
    }

    /** What their clocks differ by, if each is of a clock. */
    private static Duration off(Seen first, Seen second) {
        Duration byNanos = Duration.ofNanos(second.nanos() - first.nanos());
        return Duration.between(first.date(), second.date()).minus(byNanos).abs();
    }

    private boolean goesOn(Seen seen) {
        Seen first = doubted;
        if (first == null || off(first, seen).compareTo(FRESH) > 0) {
            doubted = seen;
            return false;
        }
        return agrees(seen, first);
    }

    /** Whether two are of one clock that goes, which what is kept does not. */
    private static boolean agrees(Seen seen, Seen first) {
        return off(first, seen).compareTo(FRESH) <= 0 && seen.nanos() - first.nanos() > A_MINUTE.toNanos();
    }

    /** Whether an answer of that date is not one to a question that was asked then. */
    static boolean isOld(@NonNull Instant date, @NonNull Instant asked) {
        return date.isBefore(asked.minus(FRESH));
    }

    /**
     * How far Qwiet's clock is ahead of ours; negative if it is behind. Null as long as Qwiet did not say, or only in an
     * answer that a cache may have kept.
     */
    @CheckForNull
    public Duration skew() {
        return unsure != null ? null : difference();
    }

    @CheckForNull
    private Duration difference() {
        Seen seen = last;
        return seen == null ? null : Duration.between(clock.instant(), at(seen));
    }

    /** What time it is at Qwiet, as far as is known; ours as long as it did not say. */
    @NonNull
    public Instant now() {
        Seen seen = last;
        return seen == null ? clock.instant() : at(seen);
    }

    /**
     * What time it is at Qwiet at least: the earliest that our own clock, its answers, or those of them tell that no cache
     * can have given. A cache whose clock is ahead does not end anything by this.
     */
    @NonNull
    public Instant atLeast() {
        Instant least = clock.instant();
        for (Seen seen : new Seen[] {last, sure}) {
            if (seen != null && at(seen).isBefore(least)) {
                least = at(seen);
            }
        }
        return least;
    }

    /**
     * What time it is for those who answer lists: the same, unless they were seen to have a clock that is behind. Null as
     * long as Qwiet did not say.
     */
    @CheckForNull
    Instant ofLists() {
        Seen seen = lists;
        Seen any = last;
        if (any == null) {
            return null;
        }
        Instant now = at(any);
        return seen == null || at(seen).isAfter(now) ? now : at(seen);
    }

    private Instant at(Seen seen) {
        return seen.date().plusNanos(nanos.getAsLong() - seen.nanos());
    }
}
