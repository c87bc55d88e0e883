package io.jenkins.plugins.qwiet.lease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A pass of the janitor under way. Whoever began it may still be held up by a look-up, until all is asked. */
final class Pass {
    /** A call that is never answered, against what its client promises, must not end all passes. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    final CompletableFuture<Janitor.Sweep> sweep = new CompletableFuture<>();
    /** By the monotonic source. */
    final long begunAt;
    /** How often pauses had been ended when it began. */
    final long asOf;

    volatile boolean allAsked;

    Pass(long begunAt, long asOf) {
        this.begunAt = begunAt;
        this.asOf = asOf;
    }

    boolean hangs(long now) {
        Duration longest = allAsked ? LONGEST : BoundedLookUps.HANGING;
        return now - begunAt >= longest.toNanos();
    }
}
