package io.jenkins.plugins.qwiet.api;

import java.time.Clock;
import java.util.function.LongSupplier;

/** Clients with real connections in a time of somebody's making. */
public final class OnOtherTime {
    private OnOtherTime() {}

    /** A clock of Qwiet that says the same as ours, in an answer of this moment. */
    public static ServerClock told(Clock clock, LongSupplier nanos) {
        var told = new ServerClock(clock, nanos);
        told.saw(clock.instant(), nanos.getAsLong(), false);
        return told;
    }

    /**
     * Like {@link QwietClients#QwietClients(Clock, RetryLimits)}; to be closed. Pauses between tries are of real time.
     *
     * @param nanos as monotonic as the time that is tested
     */
    public static QwietClients clients(Clock clock, LongSupplier nanos, RetryLimits limits) {
        return new QwietClients(clock, nanos, limits, new OneThread(), HttpClientFactory::of);
    }
}
