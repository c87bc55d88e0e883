package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows when leases of an organization and credential may be tried again, after several of them failed. What Qwiet asks
 * to wait counts, but until all were tried once it makes no more than an hour in all: the leases that were never tried
 * must not wait for ever for those whose answers ask for patience. Safe on any thread.
 */
final class GroupPauses {
    /**
     * @param waited how much longer the pauses were than without that, since all were tried
     * @param last whether the last failures asked for it
     * @param until when all of it may be asked again, whatever one alone was told
     */
    private record Asked(Duration waited, boolean last, long until) {
        static final Asked NEVER = new Asked(Duration.ZERO, false, Long.MIN_VALUE);

        Asked waited(Duration time) {
            return new Asked(time, last, until);
        }

        Asked last(boolean is) {
            return new Asked(waited, is, until);
        }
    }

    private final Backoff backoff;
    private final Duration longest;
    private final Map<Object, Asked> asked = new ConcurrentHashMap<>();

    GroupPauses(Backoff backoff) {
        this(backoff, Backoff.LONGEST);
    }

    /** @param longest that a pause grows to, unless Qwiet asks to wait longer */
    GroupPauses(Backoff backoff, Duration longest) {
        this.backoff = backoff;
        this.longest = longest;
    }

    boolean mayTry(Object group) {
        return backoff.mayTry(group);
    }

    /** How often it failed since it last succeeded. */
    int failures(Object group) {
        return backoff.failures(group);
    }

    void succeeded(Object group) {
        backoff.succeeded(group);
        asked.computeIfPresent(group, (g, before) -> before.last(false));
    }

    /** Whether the last failures of a group asked to wait. */
    boolean askedLast(Object group) {
        return asked.getOrDefault(group, Asked.NEVER).last();
    }

    /** Whether the pause would be longer if a group that failed asked to wait so long. */
    boolean heeds(Object group, Duration retryAfter) {
        return asked.getOrDefault(group, Asked.NEVER).waited().compareTo(Backoff.SLOWEST) < 0
                && retryAfter.compareTo(backoff.next(group, longest)) > 0;
    }

    /** @param retryAfter what different leases of it were asked to wait; null if none was said, or by one alone */
    void failed(Object group, @CheckForNull Duration retryAfter) {
        failed(group, longest, retryAfter);
    }

    /** The same, where the pause grows to another length. */
    void failed(Object group, Duration longest, @CheckForNull Duration retryAfter) {
        Asked before = asked.getOrDefault(group, Asked.NEVER);
        Duration plain = backoff.next(group, longest);
        if (retryAfter == null) {
            asked.put(group, before.last(false));
            backoff.failed(group, longest, null);
            return;
        }
        Duration left = Backoff.SLOWEST.minus(before.waited());
        Duration more = retryAfter.minus(plain);
        more = more.isNegative() ? Duration.ZERO : more.compareTo(left) > 0 ? left : more;
        asked.put(group, before.waited(before.waited().plus(more)).last(true));
        backoff.failed(group, longest, plain.plus(more));
    }

    /**
     * Whether nothing of a group is to be asked now, since Qwiet asked somebody to wait. As long as all were not tried once,
     * that too counts for no more than an hour in all.
     *
     * @param asks how much longer
     */
    boolean isHeldBack(Object group, Duration asks) {
        if (asks.isZero()) {
            return false;
        }
        long now = backoff.now();
        Asked after = asked.compute(group, (g, known) -> {
            Asked before = known == null ? Asked.NEVER : known;
            long begin = Math.max(now, before.until());
            var more = Duration.ofNanos(Math.max(0, now + asks.toNanos() - begin));
            Duration left = Backoff.SLOWEST.minus(before.waited());
            more = more.compareTo(left) > 0 ? left : more;
            return more.isZero() || more.isNegative()
                    ? before
                    : new Asked(before.waited().plus(more), before.last(), begin + more.toNanos());
        });
        return now < after.until();
    }

    /** None of the group waits that was not tried. */
    void allTried(Object group) {
        asked.computeIfPresent(group, (g, before) -> before.waited(Duration.ZERO));
    }

    void endPauses() {
        asked.clear();
        backoff.endPauses();
    }

    /** What may not be tried now, and for how long. */
    Map<Object, Duration> pauses() {
        return backoff.pauses();
    }
}
