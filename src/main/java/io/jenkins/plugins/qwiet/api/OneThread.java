package io.jenkins.plugins.qwiet.api;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Begins the tries after the first on one daemon thread. One is enough because a try is only started there: it is an
 * asynchronous call.
 */
final class OneThread implements Later, AutoCloseable {
    private final ScheduledThreadPoolExecutor later;
    private volatile boolean closed;

    OneThread() {
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
    public Runnable schedule(Runnable task, Duration delay) {
        var waiting = later.schedule(task, closed ? 0 : delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    /**
     * Ends all waiting, at once and from now on. What waited is tried rather than forgotten, so that its future completes;
     * the thread ends by itself.
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
