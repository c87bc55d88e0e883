package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a token is to be replaced: when a third of its life is left, by the clock or by what passed since it was made,
 * whichever comes first; and how long to wait after a failure. Safe on any thread.
 */
final class RenewalPace {
    private static final long FIRST_PAUSE_SECONDS = 2;
    private static final long LONGEST_PAUSE_SECONDS = 15;
    private static final int MOST_DOUBLINGS = 3;

    private final LongSupplier nanoTime;
    private boolean madeHere;
    private long madeAt;
    private int failures;
    private long notBefore;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param justMade whether the token was made now; otherwise only the clock knows
     */
    RenewalPace(@NonNull LongSupplier nanoTime, boolean justMade) {
        this.nanoTime = nanoTime;
        this.madeHere = justMade;
        this.madeAt = nanoTime.getAsLong();
    }

    /** Whether it is time to try. */
    synchronized boolean isDue(Instant mintedAt, Duration life, Instant now) {
        return !(failures > 0 && nanoTime.getAsLong() - notBefore < 0) && isOld(mintedAt, life, now);
    }

    /** Whether a token is to be replaced, be it that this was tried a moment ago, and failed. */
    synchronized boolean isOld(Instant mintedAt, Duration life, Instant now) {
        Duration first = life.multipliedBy(2).dividedBy(3);
        return !now.isBefore(mintedAt.plus(first)) || madeHere && nanoTime.getAsLong() - madeAt >= first.toNanos();
    }

    synchronized void succeeded() {
        failures = 0;
        madeHere = true;
        madeAt = nanoTime.getAsLong();
    }

    synchronized void failed() {
        long pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        notBefore = nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(pause);
    }
}
