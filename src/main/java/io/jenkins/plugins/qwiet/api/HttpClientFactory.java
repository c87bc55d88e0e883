package io.jenkins.plugins.qwiet.api;

import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Authenticator;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/** Turns {@link ConnectionSettings} into an OkHttp client. */
final class HttpClientFactory {
    /**
     * OkHttp's own limit is 5 a host, and Qwiet is one host. A call keeps a thread while it waits, a virtual one where
     * Java has them; 256 platform threads are the price on Java 17 of not queueing a burst of builds.
     */
    private static final int MOST_CALLS = 256;

    private static final int MOST_CALLS_ON_VIRTUAL_THREADS = 2048;
    private static final int IDLE_CONNECTIONS = 16;

    private HttpClientFactory() {}

    static OkHttpClient of(ConnectionSettings settings) {
        var virtual = virtualThreads();
        var dispatcher = new Dispatcher(virtual == null ? platformThreads() : virtual);
        int most = virtual == null ? MOST_CALLS : MOST_CALLS_ON_VIRTUAL_THREADS;
        dispatcher.setMaxRequests(most);
        dispatcher.setMaxRequestsPerHost(most);
        var builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
                .connectTimeout(settings.connectTimeout())
                .callTimeout(settings.callTimeout())
                .readTimeout(settings.callTimeout())
                .writeTimeout(settings.callTimeout())
                // A redirect could carry the bearer elsewhere; none is part of Qwiet's API, so none is followed.
                .followRedirects(false)
                .followSslRedirects(false)
                // OkHttp would send a POST again that may have made a token already.
                .retryOnConnectionFailure(false)
                .eventListenerFactory(call ->
                        Objects.requireNonNullElse(call.request().tag(HttpCalls.SentMark.class), EventListener.NONE));
        return withProxy(builder, settings.proxy()).build();
    }

    static void close(OkHttpClient client) {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    private static OkHttpClient.Builder withProxy(OkHttpClient.Builder builder, HttpProxy proxy) {
        if (proxy == null) {
            return builder.proxy(Proxy.NO_PROXY);
        }
        builder.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        if (proxy.user() != null && proxy.password() != null) {
            builder.proxyAuthenticator(basic(proxy));
        }
        return builder;
    }

    private static Authenticator basic(HttpProxy proxy) {
        return (route, response) -> response.request().header("Proxy-Authorization") != null
                ? null // It was tried before.
                : response.request()
                        .newBuilder()
                        .header(
                                "Proxy-Authorization",
                                Credentials.basic(proxy.user(), proxy.password().reveal()))
                        .build();
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
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            var thread = new Thread(task, "qwiet-http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
