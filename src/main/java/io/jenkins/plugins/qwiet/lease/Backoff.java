package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Knows what failed lately, and when it may be tried again: later each time, up to a limit. Time is what a monotonic
 * source says, so no clock that is set makes a pause longer. Safe on any thread.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(30);
    static final Duration LONGEST = Duration.ofMinutes(10);
    /** Between tries of what Qwiet forbids, and the most that a {@code Retry-After} counts for. */
    static final Duration SLOWEST = Duration.ofHours(1);

    /** What never failed, and was not said to wait, was tried longest ago. */
    static final long NEVER = Long.MIN_VALUE;

    private static final int MOST_DOUBLINGS = 10;

    private record Pause(int failures, long begin, long end) {}

    private final LongSupplier nanoTime;
    private final Duration first;
    private final long origin;
    private final Map<Object, Pause> pauses = new ConcurrentHashMap<>();

    Backoff(LongSupplier nanoTime) {
        this(nanoTime, FIRST);
    }

    /** @param first the pause after the first failure, of which the later ones are multiples */
    Backoff(LongSupplier nanoTime, Duration first) {
        this.nanoTime = nanoTime;
        this.first = first;
        this.origin = nanoTime.getAsLong();
    }

    boolean mayTry(Object what) {
        Pause pause = pauses.get(what);
        return pause == null || now() >= pause.end();
    }

    /**
     * @param longest that the pause grows to
     * @param retryAfter what Qwiet asked to wait; null if it did not say
     */
    void failed(Object what, Duration longest, @CheckForNull Duration retryAfter) {
        pauses.compute(what, (w, before) -> {
            int failures = before == null ? 0 : before.failures();
            Duration pause = pause(failures, longest);
            if (retryAfter != null && retryAfter.compareTo(pause) > 0) {
                pause = shorter(retryAfter, SLOWEST);
            }
            long now = now();
            return new Pause(failures + 1, now, now + pause.toNanos());
        });
    }

    /** It is to be tried, from now on if it was not known before: who comes later waits longer. */
    void waits(Object what) {
        long now = now();
        pauses.putIfAbsent(what, new Pause(0, now, now));
    }

    void succeeded(Object what) {
        pauses.remove(what);
    }

    /** How long the pause is if it fails now, and Qwiet does not say how long to wait. */
    Duration next(Object what, Duration longest) {
        return pause(failures(what), longest);
    }

    /** How often it failed since it last succeeded. */
    int failures(Object what) {
        Pause pause = pauses.get(what);
        return pause == null ? 0 : pause.failures();
    }

    /** When it failed the last time, or began to wait for its first try: of two, the lesser waits longer. */
    long lastTry(Object what) {
        Pause pause = pauses.get(what);
        return pause == null ? NEVER : pause.begin();
    }

    /** What may not be tried now, and for how long. */
    Map<Object, Duration> pauses() {
        return pauses.entrySet().stream()
                .filter(pause -> !mayTry(pause.getKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        pause -> Duration.ofNanos(Math.max(0, pause.getValue().end() - now()))));
    }

    /** Lets everything be tried at once. Who was tried when is still known. */
    void endPauses() {
        pauses.replaceAll((what, pause) -> new Pause(0, pause.begin(), pause.begin()));
    }

    /** Forgets all but these. */
    void keepOnly(Collection<?> what) {
        pauses.keySet().retainAll(what);
    }

    private Duration pause(int failures, Duration longest) {
        return shorter(first.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)), longest);
    }

    /** Nanoseconds, by the monotonic source. */
    long now() {
        return nanoTime.getAsLong() - origin;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
