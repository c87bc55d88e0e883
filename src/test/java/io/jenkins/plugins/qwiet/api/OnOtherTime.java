package io.jenkins.plugins.qwiet.api;

import java.time.Clock;
import java.util.function.LongSupplier;

/** Clients with real connections in a time of somebody's making. */
public final class OnOtherTime {
    private OnOtherTime() {}

    /**
     * Like {@link QwietClients#QwietClients(Clock, RetryLimits)}; to be closed. Pauses between tries are of real time.
     *
     * @param nanos as monotonic as the time that is tested
     */
    public static QwietClients clients(Clock clock, LongSupplier nanos, RetryLimits limits) {
        return new QwietClients(clock, nanos, limits, new OneThread(), HttpClientFactory::of);
    }
}
