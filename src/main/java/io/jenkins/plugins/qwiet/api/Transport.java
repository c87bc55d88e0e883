package io.jenkins.plugins.qwiet.api;

import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;

/**
 * Chooses the connection of a call. Any connection that was idle may be dead without a sign: balancers and firewalls
 * forget it and drop what comes. Whoever may ask twice takes it nevertheless, and asks again on one of its own if it was
 * dead. A creation must not be sent twice, so it always goes out on a connection of its own that was made for it just now.
 * HTTP/1.1 there, since a connection of HTTP/2 is shared with calls that began earlier.
 */
final class Transport implements Call.Factory, AutoCloseable {
    /** As a tag of a request: on a connection of its own. */
    enum Connection {
        OF_ITS_OWN
    }

    private final OkHttpClient shared;
    private final OkHttpClient ofItsOwn;

    /** @param shared never sends anything twice */
    Transport(OkHttpClient shared) {
        this.shared = shared;
        // No connection is ever idle there. How long one might be is also how often OkHttp looks for one while a call
        // is under way.
        this.ofItsOwn = shared.newBuilder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.MINUTES))
                .protocols(List.of(Protocol.HTTP_1_1))
                .build();
    }

    @Override
    public Call newCall(Request request) {
        if (request.tag(Connection.class) == Connection.OF_ITS_OWN) {
            // That it is needed means that one of the idle ones was dead; the others may be of the same age.
            shared.connectionPool().evictAll();
            return ofItsOwn.newCall(request);
        }
        return (isIdempotent(request) ? shared : ofItsOwn).newCall(request);
    }

    /** RFC 9110, 9.2.2. */
    static boolean isIdempotent(Request request) {
        return !request.method().equals("POST");
    }

    int runningCalls() {
        return shared.dispatcher().runningCallsCount();
    }

    /** Calls under way fail, and so do later ones. */
    @Override
    public void close() {
        shared.dispatcher().cancelAll();
        shared.dispatcher().executorService().shutdown();
        shared.connectionPool().evictAll();
    }
}
