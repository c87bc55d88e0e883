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
     */
    private record Asked(Duration waited, boolean last) {
        static final Asked NEVER = new Asked(Duration.ZERO, false);
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
        asked.computeIfPresent(group, (g, before) -> new Asked(before.waited(), false));
    }

    /** Whether the last failures of a group asked to wait. */
    boolean askedLast(Object group) {
        return asked.getOrDefault(group, Asked.NEVER).last();
    }

    /** @param retryAfter what different leases of it were asked to wait; null if none was said, or by one alone */
    void failed(Object group, @CheckForNull Duration retryAfter) {
        Asked before = asked.getOrDefault(group, Asked.NEVER);
        Duration plain = backoff.next(group, longest);
        if (retryAfter == null) {
            asked.put(group, new Asked(before.waited(), false));
            backoff.failed(group, longest, null);
            return;
        }
        Duration left = Backoff.SLOWEST.minus(before.waited());
        Duration more = retryAfter.minus(plain);
        more = more.isNegative() ? Duration.ZERO : more.compareTo(left) > 0 ? left : more;
        asked.put(group, new Asked(before.waited().plus(more), true));
        backoff.failed(group, longest, plain.plus(more));
    }

    /** None of the group waits that was not tried. */
    void allTried(Object group) {
        asked.computeIfPresent(group, (g, before) -> new Asked(Duration.ZERO, before.last()));
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
