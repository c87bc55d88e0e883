package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Response;

/**
 * How far one call got: whether its first byte may have left (before that, it certainly had no effect), and whether it
 * waits on a connection that was used before. Such a one may be dead without a sign, so a sign of life is waited for less
 * long: the answer's head, and then each piece of its body.
 */
final class Progress extends EventListener {
    private final Later later;
    private final LongSupplier nanos;
    private final Duration patience;
    private volatile boolean connected;
    private volatile boolean sent;
    private volatile long sentAt;
    private volatile boolean reused;
    private volatile boolean gaveUp;
    private volatile boolean broke;
    private volatile Wait wait = new Wait(null);

    /**
     * @param nanos a monotonic source
     * @param patience how long to wait for a sign of life on a connection that was used before
     */
    Progress(Later later, LongSupplier nanos, Duration patience) {
        this.later = later;
        this.nanos = nanos;
        this.patience = patience;
    }

    boolean sent() {
        return sent;
    }

    /** By the monotonic source; of no meaning before. */
    long sentAt() {
        return sentAt;
    }

    /** Whether the call's connection was used before. */
    boolean reused() {
        return reused;
    }

    /** Whether the call was ended because a connection that was used before gave no sign of life. */
    boolean gaveUp() {
        return gaveUp;
    }

    /** Whether the connection ended, or was ended, within the answer. */
    boolean broke() {
        return broke;
    }

    /** The body of this call's answer; nobody waits for the rest of it once it is closed. */
    @NonNull
    InputStream watched(@NonNull InputStream body) {
        Wait reading = wait;
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                reading.begin();
                try {
                    return super.read();
                } finally {
                    reading.end();
                }
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                reading.begin();
                try {
                    return super.read(buffer, offset, length);
                } finally {
                    reading.end();
                }
            }

            @Override
            public void close() throws IOException {
                reading.stop();
                super.close();
            }
        };
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
        sentAt = nanos.getAsLong();
        sent = true;
        if (reused) {
            wait = new Wait(call);
            wait.begin();
            wait.check();
        }
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        wait.end();
    }

    @Override
    public void responseFailed(Call call, IOException problem) {
        broke = true;
    }

    @Override
    public void callEnd(Call call) {
        wait.stop();
    }

    @Override
    public void callFailed(Call call, IOException problem) {
        wait.stop();
    }

    /** For the other side: what takes the answer may take its time. */
    private final class Wait {
        /** Null if nobody is impatient. */
        private final Call call;

        private boolean waiting;
        private boolean over;
        private long since;
        private long checked = -1;
        private long waits;
        private Runnable stopWaiting = () -> {};

        Wait(Call call) {
            this.call = call;
        }

        synchronized void begin() {
            waiting = true;
            waits++;
            since = nanos.getAsLong();
        }

        synchronized void end() {
            waiting = false;
        }

        synchronized void stop() {
            over = true;
            stopWaiting.run();
        }

        /** Once in a patience, so that a long answer in many pieces costs no timer for each. */
        void check() {
            if (isInVain()) {
                gaveUp = true;
                call.cancel();
            }
        }

        private synchronized boolean isInVain() {
            if (call == null || over) {
                return false;
            }
            Duration left = waiting ? patience.minusNanos(nanos.getAsLong() - since) : patience;
            if (waiting && checked == waits) {
                over = true;
                return true;
            }
            checked = waiting ? waits : -1;
            stopWaiting = later.schedule(this::check, left.isNegative() ? Duration.ZERO : left);
            return false;
        }
    }
}
