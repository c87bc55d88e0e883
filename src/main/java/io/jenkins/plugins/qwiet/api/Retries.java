package io.jenkins.plugins.qwiet.api;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.spi.Scheduler;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Repeats a call that certainly had no effect, and no other, waiting as long as Qwiet asked or a little longer each time. */
final class Retries {
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
     * <p>The first try begins on the calling thread, and goes through no other than its own: nearly always it is the
     * only one.
     */
    <T> CompletableFuture<Outcome<T>> on(Supplier<CompletableFuture<Outcome<T>>> call) {
        long start = System.nanoTime();
        var answer = new CompletableFuture<Outcome<T>>();
        CompletableFuture<Outcome<T>> first = call.get();
        cancelWith(answer, first);
        first.whenComplete((outcome, problem) -> {
            if (outcome instanceof NotSent) {
                CompletableFuture<Outcome<T>> last = insist(answer, first, call, start);
                cancelWith(answer, last);
                last.whenComplete((o, p) -> complete(answer, o, p));
            } else {
                complete(answer, outcome, problem);
            }
        });
        return answer;
    }

    private <T> CompletableFuture<Outcome<T>> insist(
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
