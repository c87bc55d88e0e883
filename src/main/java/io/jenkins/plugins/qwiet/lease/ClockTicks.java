package io.jenkins.plugins.qwiet.lease;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Nanoseconds that have passed, as far as a clock shows it. They never go back: how long it took until a clock was set
 * back nobody knows, so that counts as an hour. Pauses then end too early, which costs a call, and never too late. Safe
 * on any thread.
 */
final class ClockTicks implements LongSupplier {
    private static final Duration UNKNOWN = Duration.ofHours(1);

    private final Clock clock;
    private Instant last;
    private long passed;

    ClockTicks(Clock clock) {
        this.clock = clock;
        this.last = clock.instant();
    }

    @Override
    public synchronized long getAsLong() {
        Instant now = clock.instant();
        Duration since = Duration.between(last, now);
        last = now;
        passed += (since.isNegative() ? UNKNOWN : since).toNanos();
        return passed;
    }
}
