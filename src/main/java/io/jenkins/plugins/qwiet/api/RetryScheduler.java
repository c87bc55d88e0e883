package io.jenkins.plugins.qwiet.api;

import dev.failsafe.spi.Scheduler;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Starts tries after the first, now or later, on one daemon thread. One is enough because a try is only started there:
 * it is an asynchronous call. Never on the thread that schedules it: once Failsafe has scheduled a retry it cancels the
 * try before, and would hit the retry if that had begun already.
 */
final class RetryScheduler implements Scheduler, AutoCloseable {
    private final ScheduledThreadPoolExecutor later;
    private volatile boolean closed;

    RetryScheduler() {
        later = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "qwiet-calls");
            thread.setDaemon(true);
            return thread;
        });
        later.setRemoveOnCancelPolicy(true);
        later.setKeepAliveTime(10, TimeUnit.SECONDS);
        later.allowCoreThreadTimeOut(true);
    }

    @Override
    public ScheduledFuture<?> schedule(Callable<?> callable, long delay, TimeUnit unit) {
        return later.schedule(callable, closed ? 0 : delay, unit);
    }

    /**
     * Ends all waiting, at once and from now on. What waited is tried rather than forgotten, so that its future
     * completes; the thread ends by itself.
     */
    @Override
    public void close() {
        closed = true;
        for (Runnable waiting : later.getQueue().toArray(Runnable[]::new)) {
            if (later.remove(waiting)) {
                later.execute(waiting);
            }
        }
    }
}
