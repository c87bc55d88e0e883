package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import okhttp3.Call;

/**
 * Makes {@link QwietClient}s that share connections: one transport for each distinct {@link ConnectionSettings}.
 * Safe on any thread.
 */
public final class QwietClients implements AutoCloseable {
    /** An administrator edits settings now and then; more than this many in use at once means they keep changing. */
    private static final int MOST_SETTINGS = 16;

    /** Bearers are replaced now and then. */
    private static final int MOST_CALLERS = 1_000;

    /** Whom Qwiet answers, and whose calls it counts together. */
    record Caller(Organization organization, SecretText bearer) {}

    private final Clock clock;
    private final LongSupplier nanos;
    private final RetryLimits retryLimits;
    private final OneThread own = new OneThread();
    private final Later later;
    private final Function<ConnectionSettings, Call.Factory> makes;
    private final Map<ConnectionSettings, Call.Factory> transports = new ConcurrentHashMap<>();
    private final Map<ApiAddress, ServerClock> serverClocks = new ConcurrentHashMap<>();
    private final Map<Caller, Patience> patience = new ConcurrentHashMap<>();
    private final Map<ApiAddress, Habits> habits = new ConcurrentHashMap<>();
    private volatile CallWatcher watcher = CallWatcher.NONE;

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
        this.nanos = System::nanoTime;
        this.retryLimits = retryLimits;
        this.later = own;
        this.makes = HttpClientFactory::of;
    }

    /**
     * In a world of somebody else's making: no thread, no time and no connection but what is given here.
     *
     * @param clock reads a {@code Retry-After} that is a date
     * @param nanos a monotonic source
     * @param retryLimits how long to repeat a call that certainly had no effect
     * @param later begins the tries after the first
     * @param transports makes the HTTP client for settings, once for each; it must not repeat a call by itself, nor follow
     *     a redirect, and must give a call the listener that it carries as a tag ({@code Progress}). Its {@link okhttp3.Call}s run the {@link okhttp3.Callback} on any thread
     */
    public QwietClients(
            @NonNull Clock clock,
            @NonNull LongSupplier nanos,
            @NonNull RetryLimits retryLimits,
            @NonNull Later later,
            @NonNull Function<ConnectionSettings, Call.Factory> transports) {
        this.clock = clock;
        this.nanos = nanos;
        this.retryLimits = retryLimits;
        this.later = later;
        this.makes = transports;
    }

    /** A client for one organization and one bearer. Cheap: make one whenever needed. */
    @NonNull
    public QwietClient client(
            @NonNull ConnectionSettings settings, @NonNull Organization organization, @NonNull SecretText bearer) {
        var calls = new HttpCalls(
                transport(settings),
                new ResponseReader(clock, bearer),
                clockOf(organization.address()),
                nanos,
                later,
                settings.callTimeout(),
                habits.computeIfAbsent(organization.address(), unknown -> new Habits()),
                (operation, nanoseconds) -> watcher.over(operation, nanoseconds));
        return new OkHttpQwietClient(
                calls,
                new Retries(retryLimits, nanos, later),
                organization,
                bearer,
                settings,
                patience(new Caller(organization, bearer)));
    }

    /** From now on tells that one alone how long requests take, also those of clients that there are. */
    public void watch(@NonNull CallWatcher watcher) {
        this.watcher = watcher;
    }

    private Patience patience(Caller caller) {
        if (patience.size() > MOST_CALLERS) {
            patience.values().removeIf(each -> each.left().isZero());
        }
        return patience.computeIfAbsent(caller, unknown -> new Patience(nanos));
    }

    /** Forgets how long calls of an organization were asked to wait: settings or credentials changed. */
    public void endWaits(@NonNull Organization organization) {
        patience.forEach((caller, wait) -> {
            if (caller.organization().equals(organization)) {
                wait.end();
            }
        });
    }

    /** What time it is at this API, as far as the clients made here know. */
    @NonNull
    public ServerClock clockOf(@NonNull ApiAddress address) {
        return serverClocks.computeIfAbsent(address, unknown -> new ServerClock(clock, nanos));
    }

    private Call.Factory transport(ConnectionSettings settings) {
        if (transports.size() > MOST_SETTINGS) {
            // Calls under way keep their client; its idle threads and connections end by themselves.
            transports.clear();
        }
        return transports.computeIfAbsent(settings, makes);
    }

    /** Ends idle connections and waiting retries; calls under way fail, and so do later ones of the clients made here. */
    @Override
    public void close() {
        for (Call.Factory transport : transports.values()) {
            if (transport instanceof Transport real) {
                real.close();
            }
        }
        transports.clear();
        own.close();
    }
}
