package io.jenkins.plugins.qwiet.api;

import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Repeats a call that may be repeated, and no other, waiting as long as Qwiet asked or a little longer each time. */
final class Retries {
    private static final Logger LOGGER = Logger.getLogger(Retries.class.getName());
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(20);

    private final RetryLimits limits;
    private final LongSupplier nanos;
    private final Later later;

    /**
     * @param nanos a monotonic source
     * @param later begins the tries after the first
     */
    Retries(RetryLimits limits, LongSupplier nanos, Later later) {
        this.limits = limits;
        this.nanos = nanos;
        this.later = later;
    }

    /** Of a call that must not be done twice: only what certainly had no effect is repeated. */
    static boolean hadNoEffect(Outcome<?> outcome) {
        return outcome instanceof NotSent;
    }

    /** Of a call that may be done twice: also what was put off. */
    static boolean wasPutOff(Outcome<?> outcome) {
        return outcome instanceof NotSent || outcome instanceof Outcome.Unsure && outcome.retryAfter() != null;
    }

    /**
     * The last outcome. Cancelling the answer cancels the try under way, or the wait for the next. The first try begins on
     * the calling thread; nearly always it is the only one.
     */
    <T> CompletableFuture<Outcome<T>> on(Predicate<Outcome<?>> again, Supplier<CompletableFuture<Outcome<T>>> call) {
        return on(again, retry -> {}, call);
    }

    /** The same; says of each try after the first that it will be made, on a thread that must not be blocked. */
    <T> CompletableFuture<Outcome<T>> on(
            Predicate<Outcome<?>> again, Consumer<Retry> told, Supplier<CompletableFuture<Outcome<T>>> call) {
        return on(Duration.ZERO, again, told, call);
    }

    /**
     * The same; the first try too is made only then.
     *
     * @param first how long to wait before it; zero for not at all
     */
    <T> CompletableFuture<Outcome<T>> on(
            Duration first,
            Predicate<Outcome<?>> again,
            Consumer<Retry> told,
            Supplier<CompletableFuture<Outcome<T>>> call) {
        var tries = new Tries<>(again, told, call, nanos.getAsLong());
        if (first.isZero()) {
            tries.begin();
        } else {
            tries.beginAfter(new Retry(Patience.askedToWait(), first));
        }
        return tries.answer;
    }

    /** Whether that is within the time for retries. */
    boolean canWait(Duration time) {
        return time.compareTo(limits.total()) <= 0;
    }

    private final class Tries<T> {
        final CompletableFuture<Outcome<T>> answer = new CompletableFuture<>();
        private final Predicate<Outcome<?>> again;
        private final Consumer<Retry> told;
        private final Supplier<CompletableFuture<Outcome<T>>> call;
        private final long start;
        private int retries;
        private Duration backOff = limits.firstDelay();

        Tries(
                Predicate<Outcome<?>> again,
                Consumer<Retry> told,
                Supplier<CompletableFuture<Outcome<T>>> call,
                long start) {
            this.again = again;
            this.told = told;
            this.call = call;
            this.start = start;
        }

        void begin() {
            CompletableFuture<Outcome<T>> attempt = call.get();
            onCancel(() -> attempt.cancel(true));
            attempt.whenComplete(this::landed);
        }

        void beginAfter(Retry first) {
            first.tell(told);
            try {
                onCancel(later.schedule(this::beginLater, first.after()));
            } catch (RuntimeException | Error e) {
                // There is no thread for it, as in a container at its limit: whoever asked is told, not interrupted.
                answer.completeExceptionally(e);
            }
        }

        private void landed(Outcome<T> outcome, Throwable problem) {
            if (problem != null) {
                answer.completeExceptionally(problem);
                return;
            }
            Duration wait = outcome.retryAfter() != null ? outcome.retryAfter() : backOff;
            if (!again.test(outcome) || retries >= limits.retries() || !isInTime(wait)) {
                answer.complete(outcome);
                return;
            }
            retries++;
            new Retry(outcome.reason(), wait).tell(told);
            backOff = min(backOff.multipliedBy(2), max(LONGEST_DELAY, limits.firstDelay()));
            try {
                onCancel(later.schedule(this::beginLater, wait));
            } catch (RuntimeException | Error e) {
                // There is no thread for it, as in a container at its limit: what is known has to do.
                LOGGER.log(Level.WARNING, "A request cannot be made again", e);
                answer.complete(outcome);
            }
        }

        private void beginLater() {
            if (answer.isDone()) {
                return;
            }
            try {
                begin();
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        }

        private boolean isInTime(Duration wait) {
            var elapsed = Duration.ofNanos(nanos.getAsLong() - start);
            return elapsed.plus(wait).compareTo(limits.total()) <= 0;
        }

        private void onCancel(Runnable cancel) {
            answer.whenComplete((outcome, problem) -> {
                if (answer.isCancelled()) {
                    cancel.run();
                }
            });
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
