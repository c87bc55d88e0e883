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

    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private record Seen(Instant date, long nanos) {}

    private final Clock clock;
    private final LongSupplier nanos;
    private volatile Seen last;

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
     */
    void saw(@NonNull Instant date, long sentAt) {
        long now = nanos.getAsLong();
        last = new Seen(date.plus(HALF_A_SECOND), sentAt + (now - sentAt) / 2);
    }

    /** How far Qwiet's clock is ahead of ours; negative if it is behind, null as long as Qwiet did not say. */
    @CheckForNull
    public Duration skew() {
        Seen seen = last;
        return seen == null ? null : Duration.between(clock.instant(), at(seen));
    }

    /** What time it is at Qwiet; ours as long as it did not say. */
    @NonNull
    public Instant now() {
        Seen seen = last;
        return seen == null ? clock.instant() : at(seen);
    }

    /** When a time that Qwiet named is by our clock as it goes now; the same as long as Qwiet did not say. */
    @NonNull
    public Instant toOurs(@NonNull Instant qwiets) {
        Duration skew = skew();
        return skew == null ? qwiets : qwiets.minus(skew);
    }

    private Instant at(Seen seen) {
        return seen.date().plusNanos(nanos.getAsLong() - seen.nanos());
    }
}
