package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;

/**
 * Makes {@link QwietClient}s that share connections: one OkHttp client for each distinct {@link ConnectionSettings}.
 * Safe on any thread.
 */
public final class QwietClients implements AutoCloseable {
    /** An administrator edits settings now and then; more than this many in use at once means they keep changing. */
    private static final int MOST_SETTINGS = 16;

    private final Clock clock;
    private final RetryLimits retryLimits;
    private final Retries.OneThread scheduler = new Retries.OneThread();
    private final Map<ConnectionSettings, OkHttpClient> transports = new ConcurrentHashMap<>();

    /**
     * @param clock reads a {@code Retry-After} that is a date
     */
    public QwietClients(@NonNull Clock clock) {
        this(clock, RetryLimits.DEFAULT);
    }

    /**
     * @param clock reads a {@code Retry-After} that is a date
     * @param retryLimits how long to repeat a call that certainly had no effect
     */
    public QwietClients(@NonNull Clock clock, @NonNull RetryLimits retryLimits) {
        this.clock = clock;
        this.retryLimits = retryLimits;
    }

    /** A client for one organization and one bearer. Cheap: make one whenever needed. */
    @NonNull
    public QwietClient client(
            @NonNull ConnectionSettings settings, @NonNull Organization organization, @NonNull SecretText bearer) {
        var calls = new HttpCalls(transport(settings), new ResponseReader(clock, bearer));
        return new OkHttpQwietClient(calls, new Retries(retryLimits, scheduler), organization, bearer, settings);
    }

    private OkHttpClient transport(ConnectionSettings settings) {
        if (transports.size() > MOST_SETTINGS) {
            // Calls under way keep their client; its idle threads and connections end by themselves.
            transports.clear();
        }
        return transports.computeIfAbsent(settings, HttpClientFactory::of);
    }

    /** Ends idle connections and waiting retries; calls under way fail, and so do later ones of the clients made here. */
    @Override
    public void close() {
        transports.values().forEach(HttpClientFactory::close);
        transports.clear();
        scheduler.close();
    }
}
