package io.jenkins.plugins.qwiet.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Request;
import okhttp3.Response;

/** Tells those who listen to a call on a network that is none what OkHttp tells them on a real one. */
public final class VirtualSends {
    private static final InetSocketAddress SOMEWHERE = InetSocketAddress.createUnresolved("app.qwiet.example", 443);

    private VirtualSends() {}

    /** Whether this call may go out on a connection that was used before. */
    public static boolean mayShare(Request request) {
        return Transport.isIdempotent(request) && request.tag(Transport.Connection.class) == null;
    }

    /**
     * The first byte of a call leaves now.
     *
     * @param reused whether its connection was used before
     */
    public static void begin(Call call, boolean reused) {
        EventListener listener = listener(call);
        if (!reused) {
            listener.connectStart(call, SOMEWHERE, Proxy.NO_PROXY);
        }
        listener.connectionAcquired(call, null);
        listener.requestHeadersStart(call);
    }

    /** The headers of its answer are there. */
    public static void answered(Call call, Response response) {
        listener(call).responseHeadersEnd(call, response);
    }

    /** It failed. */
    public static void failed(Call call, IOException problem) {
        listener(call).callFailed(call, problem);
    }

    private static EventListener listener(Call call) {
        Progress progress = call.request().tag(Progress.class);
        return progress == null ? EventListener.NONE : progress;
    }
}
