package io.jenkins.plugins.qwiet.lease;

import java.util.concurrent.atomic.AtomicBoolean;

/** The computer Jenkins runs on. When it stops, nothing more is written or sent; there is no tidying up. */
final class Machine {
    /** What code meets that runs on when its machine has stopped. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("the machine has stopped", null, false, false);
        }
    }

    private final AtomicBoolean stopped = new AtomicBoolean();

    void stop() {
        stopped.set(true);
    }

    boolean hasStopped() {
        return stopped.get();
    }

    void check() {
        if (hasStopped()) {
            throw new Stopped();
        }
    }
}
