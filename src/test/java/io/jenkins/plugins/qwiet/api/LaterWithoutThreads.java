package io.jenkins.plugins.qwiet.api;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Clients whose timer finds no thread now and then. */
public final class LaterWithoutThreads {
    private LaterWithoutThreads() {}

    public static QwietClients clients(Clock clock, LongSupplier nanos, AtomicInteger errors) {
        var real = new OneThread();
        return new QwietClients(
                clock,
                nanos,
                new RetryLimits(2, Duration.ofMillis(1), Duration.ofSeconds(10)),
                (task, delay) -> {
                    if (errors.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return real.schedule(task, delay);
                },
                HttpClientFactory::of);
    }
}
