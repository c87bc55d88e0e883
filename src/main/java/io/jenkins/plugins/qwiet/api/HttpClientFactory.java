package io.jenkins.plugins.qwiet.api;

import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Turns {@link ConnectionSettings} into connections. */
final class HttpClientFactory {
    /**
     * OkHttp's own limit is 5 a host, and Qwiet is one host. A call keeps a thread while it waits, a virtual one where
     * Java has them; 256 platform threads are the price on Java 17 of not queueing a burst of builds.
     */
    private static final int MOST_CALLS = 256;

    private static final int MOST_CALLS_ON_VIRTUAL_THREADS = 2048;
    private static final String LOGIN = "Proxy-Authorization";
    private static final int IDLE_CONNECTIONS = 16;

    /** Servers let go of idle connections after 5 s to 60 s, balancers after 60 s to 240 s. A burst of calls is shorter. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** HTTP/2 alone: a connection that does not answer for so long is dead, and fails all that wait for it. */
    private static final Duration PING = Duration.ofSeconds(5);

    private HttpClientFactory() {}

    static Transport of(ConnectionSettings settings) {
        return new Transport(client(settings).build());
    }

    static OkHttpClient.Builder client(ConnectionSettings settings) {
        var virtual = virtualThreads();
        var dispatcher = new Dispatcher(virtual == null ? platformThreads() : virtual);
        int most = virtual == null ? MOST_CALLS : MOST_CALLS_ON_VIRTUAL_THREADS;
        dispatcher.setMaxRequests(most);
        dispatcher.setMaxRequestsPerHost(most);
        var builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE.toSeconds(), TimeUnit.SECONDS))
                .pingInterval(PING)
                .connectTimeout(settings.connectTimeout())
                .callTimeout(settings.callTimeout())
                // Shorter than the call's: OkHttp finds out that a connection of HTTP/2 is dead by a read that took too
                // long, not by a call that did.
                .readTimeout(settings.callTimeout().multipliedBy(9).dividedBy(10))
                .writeTimeout(settings.callTimeout())
                // A redirect could carry the bearer elsewhere; none is part of Qwiet's API, so none is followed.
                .followRedirects(false)
                .followSslRedirects(false)
                // OkHttp would send a POST again that may have made a token already.
                .retryOnConnectionFailure(false)
                .eventListenerFactory(
                        call -> Objects.requireNonNullElse(call.request().tag(Progress.class), EventListener.NONE));
        OneExchange.only(builder);
        return withProxy(builder, settings.proxy());
    }

    private static OkHttpClient.Builder withProxy(OkHttpClient.Builder builder, HttpProxy proxy) {
        if (proxy == null) {
            return builder.proxy(Proxy.NO_PROXY);
        }
        builder.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        String user = proxy.user();
        SecretText password = proxy.password();
        if (user != null && password != null) {
            String login = Credentials.basic(user, password.reveal(), StandardCharsets.UTF_8);
            builder.proxyAuthenticator((route, response) -> tunnel(response, login));
            builder.addNetworkInterceptor(chain -> chain.proceed(untunnelled(chain.request(), login)));
        }
        return builder;
    }

    /** OkHttp asks before the tunnel is asked for, and again if it was refused. Nobody behind the proxy sees the login. */
    private static Request tunnel(Response response, String login) {
        Request request = response.request();
        return !request.method().equals("CONNECT") || request.header(LOGIN) != null
                ? null
                : request.newBuilder().header(LOGIN, login).build();
    }

    /** Without TLS the proxy gets the request itself. It gets the login with it, since a request is sent once. */
    private static Request untunnelled(Request request, String login) {
        return request.isHttps()
                ? request
                : request.newBuilder().header(LOGIN, login).build();
    }

    /** Null before Java 21. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException | UnsupportedOperationException e) {
            return null;
        }
    }

    private static ExecutorService platformThreads() {
        var number = new AtomicInteger();
        return threads(task -> {
            var thread = new Thread(task, "qwiet-http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** As many as there are calls. If no thread can be had, OkHttp is told so in the way that it tells the call. */
    static ExecutorService threads(ThreadFactory factory) {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory) {
            @Override
            public void execute(Runnable call) {
                try {
                    super.execute(call);
                } catch (OutOfMemoryError e) {
                    throw new RejectedExecutionException("no thread for a call", e);
                }
            }
        };
    }
}
