package io.jenkins.plugins.qwiet.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Response;

/**
 * How far one call got: whether its first byte may have left (before that, it certainly had no effect), and whether it
 * waits on a connection that was used before. Such a one may be dead without a sign, so its answer is waited for less long.
 */
final class Progress extends EventListener {
    private final Later later;
    private final Duration patience;
    private volatile boolean connected;
    private volatile boolean sent;
    private volatile boolean answered;
    private volatile boolean gaveUp;
    private volatile boolean reused;
    private volatile Runnable stopWaiting = () -> {};

    /** @param patience how long to wait for an answer on a connection that was used before */
    Progress(Later later, Duration patience) {
        this.later = later;
        this.patience = patience;
    }

    boolean sent() {
        return sent;
    }

    /** Whether the call was ended because a connection that was used before did not answer. */
    boolean gaveUp() {
        return gaveUp;
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connected = true;
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        reused = !connected;
    }

    @Override
    public void requestHeadersStart(Call call) {
        sent = true;
        if (reused) {
            stopWaiting = later.schedule(() -> giveUp(call), patience);
        }
    }

    private void giveUp(Call call) {
        if (!answered) {
            gaveUp = true;
            call.cancel();
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        answered = true;
        stopWaiting.run();
    }

    @Override
    public void callFailed(Call call, IOException problem) {
        stopWaiting.run();
    }
}
