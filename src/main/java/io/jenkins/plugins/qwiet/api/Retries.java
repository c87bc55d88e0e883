package io.jenkins.plugins.qwiet.api;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.spi.Scheduler;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Repeats a call that certainly had no effect, and no other, waiting as long as Qwiet asked or a little longer each time. */
final class Retries {
    /**
     * Starts the tries after the first, now or later, on one daemon thread. One is enough because a try is only started
     * there: it is an asynchronous call. Never on the thread that schedules it: once Failsafe has scheduled a retry it
     * cancels the try before, and would hit the retry if that had begun already.
     */
    static final class OneThread implements Scheduler, AutoCloseable {
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

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(20);

    private final RetryLimits limits;
    private final Scheduler scheduler;

    Retries(RetryLimits limits, Scheduler scheduler) {
        this.limits = limits;
        this.scheduler = scheduler;
    }

    /**
     * The last outcome. Cancelling the answer cancels the try under way, or the wait for the next.
     *
     * <p>The first try begins on the calling thread and involves no scheduler: nearly always it is the only one.
     */
    <T> CompletableFuture<Outcome<T>> on(Supplier<CompletableFuture<Outcome<T>>> call) {
        long start = System.nanoTime();
        var answer = new CompletableFuture<Outcome<T>>();
        CompletableFuture<Outcome<T>> first = call.get();
        cancelWith(answer, first);
        first.whenComplete((outcome, problem) -> {
            if (outcome instanceof NotSent) {
                CompletableFuture<Outcome<T>> last = repeat(answer, first, call, start);
                cancelWith(answer, last);
                last.whenComplete((o, p) -> complete(answer, o, p));
            } else {
                complete(answer, outcome, problem);
            }
        });
        return answer;
    }

    private <T> CompletableFuture<Outcome<T>> repeat(
            CompletableFuture<Outcome<T>> answer,
            CompletableFuture<Outcome<T>> first,
            Supplier<CompletableFuture<Outcome<T>>> call,
            long start) {
        var next = new AtomicReference<Supplier<CompletableFuture<Outcome<T>>>>(() -> first);
        return Failsafe.with(this.<T>policy(start)).with(scheduler).getStageAsync(() -> {
            var attempt = next.getAndSet(call).get();
            cancelWith(answer, attempt);
            return attempt;
        });
    }

    private static void cancelWith(CompletableFuture<?> answer, CompletableFuture<?> part) {
        answer.whenComplete((outcome, problem) -> {
            if (answer.isCancelled()) {
                part.cancel(true);
            }
        });
    }

    private static <T> void complete(CompletableFuture<T> answer, T outcome, Throwable problem) {
        if (problem == null) {
            answer.complete(outcome);
        } else {
            answer.completeExceptionally(problem);
        }
    }

    private <T> RetryPolicy<Outcome<T>> policy(long start) {
        return RetryPolicy.<Outcome<T>>builder()
                .handleResultIf(outcome -> outcome instanceof NotSent)
                // Failsafe would wait for what is left of the time, then ask sooner than Qwiet allowed.
                .abortIf(outcome -> outcome instanceof NotSent<T> n && isTooLate(n.retryAfter(), start))
                .abortOn(Throwable.class)
                .withMaxRetries(limits.retries())
                .withMaxDuration(limits.total())
                .withBackoff(
                        limits.firstDelay(),
                        max(LONGEST_DELAY, limits.firstDelay().multipliedBy(2)))
                .withDelayFn(context -> context.getLastResult() instanceof NotSent<T> n && n.retryAfter() != null
                        ? n.retryAfter()
                        // Failsafe's word for "use the back-off".
                        : Duration.ofNanos(-1))
                .build();
    }

    private boolean isTooLate(Duration retryAfter, long start) {
        var elapsed = Duration.ofNanos(System.nanoTime() - start);
        return retryAfter != null && elapsed.plus(retryAfter).compareTo(limits.total()) > 0;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
