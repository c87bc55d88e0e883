package io.jenkins.plugins.qwiet.lease;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets so many calls be under way at a time; the others wait, the more urgent ones first, then in order. Safe on any thread. */
final class Gate {
    private record Waiting(long urgency, long number, Runnable call) {}

    private final Queue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::urgency).thenComparingLong(Waiting::number));
    private long number;
    private int free;
    private boolean admitting;

    Gate(int width) {
        this.free = width;
    }

    /** Begins the call now or later. */
    <T> CompletableFuture<T> pass(Supplier<CompletableFuture<T>> call) {
        return pass(0, call);
    }

    /** @param urgency the least comes first */
    <T> CompletableFuture<T> pass(long urgency, Supplier<CompletableFuture<T>> call) {
        var result = new CompletableFuture<T>();
        synchronized (this) {
            waiting.add(new Waiting(urgency, number++, () -> begin(call, result)));
        }
        admit();
        return result;
    }

    private <T> void begin(Supplier<CompletableFuture<T>> call, CompletableFuture<T> result) {
        CompletableFuture.completedFuture(call).thenCompose(Supplier::get).whenComplete((value, thrown) -> {
            leave();
            if (thrown == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(thrown);
            }
        });
    }

    private void leave() {
        synchronized (this) {
            free++;
        }
        admit();
    }

    private void admit() {
        while (true) {
            Runnable next;
            synchronized (this) {
                // One thread admits at a time, in a loop: calls that end at once must not deepen the stack.
                if (admitting || free == 0 || waiting.isEmpty()) {
                    return;
                }
                free--;
                next = waiting.remove().call();
                admitting = true;
            }
            try {
                next.run();
            } finally {
                synchronized (this) {
                    admitting = false;
                }
            }
        }
    }
}
