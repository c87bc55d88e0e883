package io.jenkins.plugins.qwiet.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs everything at once, and remembers how long it should have waited. */
final class RecordedDelays implements Later {
    private final List<Duration> asked = new CopyOnWriteArrayList<>();
    private final OneThread now = new OneThread();

    List<Duration> asked() {
        return List.copyOf(asked);
    }

    @Override
    public Runnable schedule(Runnable task, Duration delay) {
        if (!delay.isZero()) {
            asked.add(delay);
        }
        return now.schedule(task, Duration.ZERO);
    }
}
