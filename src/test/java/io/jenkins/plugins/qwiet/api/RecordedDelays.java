package io.jenkins.plugins.qwiet.api;

import dev.failsafe.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs everything at once, and remembers how long it should have waited. */
final class RecordedDelays implements Scheduler {
    private final List<Duration> asked = new CopyOnWriteArrayList<>();
    private final Retries.OneThread now = new Retries.OneThread();

    List<Duration> asked() {
        return List.copyOf(asked);
    }

    @Override
    public ScheduledFuture<?> schedule(Callable<?> callable, long delay, TimeUnit unit) {
        if (delay > 0) {
            asked.add(Duration.of(delay, unit.toChronoUnit()));
        }
        return now.schedule(callable, 0, unit);
    }
}
