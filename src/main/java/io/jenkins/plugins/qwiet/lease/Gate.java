package io.jenkins.plugins.qwiet.lease;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets so many calls be under way at a time; the others wait in order. Safe on any thread. */
final class Gate {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int free;
    private boolean admitting;

    Gate(int width) {
        this.free = width;
    }

    /** Begins the call now or later. */
    <T> CompletableFuture<T> pass(Supplier<CompletableFuture<T>> call) {
        var result = new CompletableFuture<T>();
        synchronized (this) {
            waiting.add(() -> begin(call, result));
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
                next = waiting.remove();
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
