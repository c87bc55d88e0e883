package io.jenkins.plugins.qwiet.lease;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Asks others about builds and credentials. They may throw anything, take any time, or never answer: so a few are asked at
 * a time, on threads of the executor; one who hangs no longer counts among the few; and what is being asked is not asked a
 * second time. An answer that comes when nobody waits any more is kept for who asks next. Safe on any thread.
 */
final class BoundedLookUps {
    /** At a time, beside those that hang. */
    static final int AT_A_TIME = 8;
    /**
     * At a time with those that hang, each on a thread: then nothing is asked until one of them answers. More than the leases
     * of one organization are, as a rule.
     */
    static final int MOST = 2_000;
    /** A look-up that takes longer hangs. Less than the minute between two passes. */
    static final Duration HANGING = Duration.ofSeconds(45);

    private static final Logger LOGGER = Logger.getLogger(BoundedLookUps.class.getName());
    private static final Duration FRESH = Duration.ofMinutes(2);

    private static final class Question<T> {
        final Object what;
        final Supplier<T> asked;
        final List<Waiter<T>> waiters = new ArrayList<>();
        boolean begun;
        long begunAt;
        boolean answered;
        long answeredAt;
        T answer;
        Throwable problem;

        Question(Object what, Supplier<T> asked) {
            this.what = what;
            this.asked = asked;
        }

        void ask() {
            try {
                answer = asked.get();
                problem = answer == null ? new NullPointerException("a look-up gave null") : null;
            } catch (Throwable t) {
                // Whatever it is, an Error included: it is about this question alone.
                problem = t;
            }
        }

        void tell(CompletableFuture<T> waiting) {
            if (problem == null) {
                waiting.complete(answer);
            } else {
                waiting.completeExceptionally(problem);
            }
        }
    }

    private record Waiter<T>(CompletableFuture<T> future, long since) {}

    private final Executor threads;
    private final LongSupplier nanoTime;
    private final Map<Object, Question<?>> questions = new LinkedHashMap<>();
    private final Deque<Question<?>> queue = new ArrayDeque<>();
    private final Set<Question<?>> running = new HashSet<>();
    private int workers;
    private int starting;

    BoundedLookUps(Executor threads, LongSupplier nanoTime) {
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks now or later; joins who asks the same.
     *
     * @param what names the question; a question of that name has always an answer of that type
     * @return completes with the answer, which is never null; or exceptionally, with what was thrown, or with a {@link
     *     TimeoutException} if the answer takes too long
     */
    @SuppressWarnings("unchecked")
    <T> CompletableFuture<T> ask(Object what, Supplier<T> asked) {
        var mine = new CompletableFuture<T>();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            Question<T> known = (Question<T>) questions.get(what);
            if (known != null && known.answered) {
                questions.remove(what);
                if (now - known.answeredAt <= FRESH.toNanos()) {
                    known.tell(mine);
                    return mine;
                }
                known = null;
            }
            if (known != null && hangs(known, now)) {
                mine.completeExceptionally(new TimeoutException());
                return mine;
            } else if (known == null) {
                known = new Question<>(what, asked);
                questions.put(what, known);
                queue.add(known);
            }
            known.waiters.add(new Waiter<>(mine, now));
        }
        begin();
        return mine;
    }

    /** Lets nobody wait any longer who has waited too long. To be called now and then. */
    void goOn() {
        List<CompletableFuture<?>> late = new ArrayList<>();
        synchronized (this) {
            long now = nanoTime.getAsLong();
            questions
                    .values()
                    .forEach(question -> question.waiters.removeIf(waiter -> {
                        boolean isLate = now - waiter.since() >= HANGING.toNanos();
                        if (isLate) {
                            late.add(waiter.future());
                        }
                        return isLate;
                    }));
            questions.values().removeIf(question -> question.answered && now - question.answeredAt > FRESH.toNanos());
        }
        begin();
        late.forEach(future -> future.completeExceptionally(new TimeoutException()));
    }

    private static boolean hangs(Question<?> question, long now) {
        return question.begun && now - question.begunAt >= HANGING.toNanos();
    }

    private void begin() {
        while (true) {
            synchronized (this) {
                long now = nanoTime.getAsLong();
                long hanging = running.stream()
                        .filter(question -> hangs(question, now))
                        .count();
                if (queue.size() <= starting || workers - hanging >= AT_A_TIME || workers >= MOST) {
                    return;
                }
                workers++;
                starting++;
            }
            try {
                threads.execute(this::work);
            } catch (RejectedExecutionException e) {
                refused(e);
                return;
            } catch (RuntimeException | Error e) {
                // There is no thread to be had at this moment. They stay in the queue until the next look.
                LOGGER.log(Level.WARNING, "A look-up of a build or of a credential has to wait for a thread", e);
                notStarted();
                return;
            }
        }
    }

    private void work() {
        Question<?> question = next(true);
        while (question != null) {
            question.ask();
            answered(question);
            question = next(false);
        }
    }

    private synchronized Question<?> next(boolean first) {
        if (first) {
            starting--;
        }
        Question<?> next = queue.poll();
        if (next == null) {
            workers--;
        } else {
            next.begun = true;
            next.begunAt = nanoTime.getAsLong();
            running.add(next);
        }
        return next;
    }

    private <T> void answered(Question<T> question) {
        List<Waiter<T>> waiters;
        synchronized (this) {
            running.remove(question);
            question.answered = true;
            question.answeredAt = nanoTime.getAsLong();
            waiters = List.copyOf(question.waiters);
            question.waiters.clear();
            if (!waiters.isEmpty()) {
                questions.remove(question.what, question);
            }
        }
        waiters.forEach(waiter -> question.tell(waiter.future()));
    }

    private synchronized void notStarted() {
        workers--;
        starting--;
    }

    /** Nothing is asked any more. */
    private void refused(RejectedExecutionException e) {
        List<Question<?>> all;
        synchronized (this) {
            notStarted();
            all = List.copyOf(queue);
            queue.clear();
        }
        for (Question<?> question : all) {
            question.problem = e;
            answered(question);
        }
    }
}
