package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Which lines of tokens Qwiet asked to wait, and until when. Guarded by {@link MintTurns}. */
final class LinesAskedToWait {
    /** @param until by the monotonic source */
    private record Asked(long at, long until) {}

    private final LongSupplier nanoTime;
    private final Map<String, Asked> byLine = new HashMap<>();

    LinesAskedToWait(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @param time counts for an hour at most */
    void asked(String line, Duration time) {
        long now = nanoTime.getAsLong();
        Duration bounded = time.compareTo(Backoff.SLOWEST) > 0 ? Backoff.SLOWEST : time;
        byLine.put(line, new Asked(now, now + bounded.toNanos()));
    }

    /** When a line was asked to wait; null if it was not, or that is over. */
    @CheckForNull
    Long since(String line) {
        Asked ask = byLine.get(line);
        return ask == null || nanoTime.getAsLong() - ask.until() >= 0 ? null : ask.at();
    }

    void forget(String line) {
        byLine.remove(line);
    }

    void forgetAll() {
        byLine.clear();
    }
}
