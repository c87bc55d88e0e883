package io.jenkins.plugins.qwiet.lease;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a pass does. Safe on any thread. */
final class SweepCounter {
    final AtomicInteger revoked = new AtomicInteger();
    final AtomicInteger gone = new AtomicInteger();
    final AtomicInteger kept = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger waiting = new AtomicInteger();

    Janitor.Sweep sum() {
        return new Janitor.Sweep(revoked.get(), gone.get(), kept.get(), failed.get(), waiting.get());
    }
}
