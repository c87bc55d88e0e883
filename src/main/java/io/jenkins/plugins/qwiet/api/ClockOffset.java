package io.jenkins.plugins.qwiet.api;

import java.time.Duration;
import java.time.Instant;

/**
 * By how much the clock of whoever dated an answer is ahead of ours: it was given while we waited for it, so that this is not
 * known exactly. What a cache had kept is of another time.
 */
record ClockOffset(Duration least, Duration most) {
    static ClockOffset of(Instant date, Instant asked, Instant answered) {
        return new ClockOffset(Duration.between(answered, date), Duration.between(asked, date));
    }

    /** Whether both may be of one clock. */
    boolean agrees(ClockOffset other) {
        return least.minus(other.most).compareTo(ServerClock.FRESH) <= 0
                && other.least.minus(most).compareTo(ServerClock.FRESH) <= 0;
    }
}
