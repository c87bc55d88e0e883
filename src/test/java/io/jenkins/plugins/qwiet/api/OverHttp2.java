package io.jenkins.plugins.qwiet.api;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import okhttp3.Protocol;

/** Clients that speak HTTP/2 without TLS, which real ones never do: what TLS adds is of no matter to what is tested. */
public final class OverHttp2 {
    private OverHttp2() {}

    /** Like {@link QwietClients#QwietClients(Clock, RetryLimits)}; to be closed. */
    public static QwietClients clients(Clock clock, RetryLimits limits) {
        return clients(clock, System::nanoTime, limits);
    }

    /** Like {@link OnOtherTime#clients}; to be closed. */
    public static QwietClients clients(Clock clock, LongSupplier nanos, RetryLimits limits) {
        return new QwietClients(
                clock,
                nanos,
                limits,
                new OneThread(),
                settings -> new Transport(HttpClientFactory.client(settings)
                        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                        .build()));
    }
}
