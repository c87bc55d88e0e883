package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a token is to be replaced: when a third of its life is left, by the clock or by what passed since it was made,
 * whichever comes first; and how long to wait before one more request of which nobody may learn what it made. When it is its
 * turn among others, {@link io.jenkins.plugins.qwiet.lease.MintTurns} says. Safe on any thread.
 */
final class RenewalPace {
    private static final long FIRST_SECONDS_UNDECIDED = 15;
    private static final long LONGEST_SECONDS_UNDECIDED = 300;
    private static final int MOST_DOUBLINGS_UNDECIDED = 5;

    private final LongSupplier nanoTime;
    private boolean madeHere;
    private long madeAt;
    private int sent;
    private long sentAt;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param justMade whether the token was made now; otherwise only the clock knows
     */
    RenewalPace(@NonNull LongSupplier nanoTime, boolean justMade) {
        this.nanoTime = nanoTime;
        this.madeHere = justMade;
        this.madeAt = nanoTime.getAsLong();
    }

    /** Whether a token is to be replaced. Of one that was made before this process by a clock that was ahead, nobody knows. */
    synchronized boolean isDue(Instant mintedAt, Duration life, Instant now) {
        Duration first = life.multipliedBy(2).dividedBy(3);
        return !now.isBefore(mintedAt.plus(first))
                || (madeHere ? nanoTime.getAsLong() - madeAt >= first.toNanos() : now.isBefore(mintedAt));
    }

    synchronized void succeeded() {
        sent = 0;
        madeHere = true;
        madeAt = nanoTime.getAsLong();
    }

    /** Qwiet is about to be asked for a token. */
    synchronized void sending() {
        sent++;
        sentAt = nanoTime.getAsLong();
    }

    /**
     * Whether to ask for another token though it is not known if the last request made one. Each may leave a token, so the
     * pauses grow; but they end, as Qwiet may refuse for good to say what there is.
     */
    synchronized boolean maySendUndecided() {
        long pause = Math.min(
                LONGEST_SECONDS_UNDECIDED,
                FIRST_SECONDS_UNDECIDED << Math.min(Math.max(0, sent - 1), MOST_DOUBLINGS_UNDECIDED));
        return sent == 0 || nanoTime.getAsLong() - sentAt >= TimeUnit.SECONDS.toNanos(pause);
    }
}
