package io.jenkins.plugins.qwiet.lease;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Works through a list with a few pieces of work at a time, and begins no more once one has failed. */
final class BoundedConcurrency<T> {
    private final List<T> items;
    private final Function<T, CompletableFuture<Boolean>> work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private BoundedConcurrency(List<T> items, Function<T, CompletableFuture<Boolean>> work) {
        this.items = items;
        this.work = work;
    }

    /**
     * Begins.
     *
     * @param width how many at a time
     * @param work completes with false to stop; must not complete exceptionally
     * @return the items that were not begun
     */
    static <T> CompletableFuture<List<T>> run(List<T> items, int width, Function<T, CompletableFuture<Boolean>> work) {
        var running = new BoundedConcurrency<>(items, work);
        var lanes = new CompletableFuture<?>[Math.min(width, items.size())];
        for (int i = 0; i < lanes.length; i++) {
            var lane = new CompletableFuture<Void>();
            lanes[i] = lane;
            running.go(lane);
        }
        return CompletableFuture.allOf(lanes)
                .thenApply(all -> items.subList(Math.min(running.next.get(), items.size()), items.size()));
    }

    private void go(CompletableFuture<Void> lane) {
        // A loop rather than a chain: work that is done at once must not deepen the stack.
        while (!stopped.get()) {
            int index = next.getAndIncrement();
            if (index >= items.size()) {
                break;
            }
            CompletableFuture<Void> done =
                    work.apply(items.get(index)).thenAccept(worked -> stopped.compareAndSet(false, !worked));
            if (!done.isDone()) {
                done.whenComplete((d, thrown) -> go(lane));
                return;
            }
        }
        lane.complete(null);
    }
}
