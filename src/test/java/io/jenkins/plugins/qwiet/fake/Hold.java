package io.jenkins.plugins.qwiet.fake;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Keeps calls waiting, unhandled, until it is released. */
public final class Hold {
    private final Operation operation;
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch released = new CountDownLatch(1);

    Hold(Operation operation) {
        this.operation = operation;
    }

    /**
     * Returns as soon as one more call than before waits here.
     *
     * @throws AssertionError if none comes in time
     */
    public void awaitArrived(Duration limit) {
        awaitArrived(1, limit);
    }

    /**
     * Returns as soon as so many more calls than before wait here.
     *
     * @throws AssertionError if fewer come in time
     */
    public void awaitArrived(int calls, Duration limit) {
        try {
            if (!arrived.tryAcquire(calls, limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("Not so many calls of " + operation + " within " + limit + ": " + calls);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a call of " + operation, e);
        }
    }

    /** Lets those that wait go on, and holds no other. */
    public void release() {
        released.countDown();
    }

    boolean concerns(Operation called) {
        return called != null && operation.covers(called) && released.getCount() > 0;
    }

    void pass() throws InterruptedException {
        arrived.release();
        released.await();
    }
}
