package io.jenkins.plugins.qwiet.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Headers;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.BufferedSocketKt;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.Header;
import okhttp3.internal.http2.Http2Connection;
import okhttp3.internal.http2.Http2Stream;
import okio.Okio;

/**
 * The other end of OkHttp's own HTTP/2, in the way in which its own tests serve it. Each connection passes through a pipe of
 * ours, which can go silent as a whole: not even a ping is answered then.
 */
final class Http2Server implements AutoCloseable {
    private static final int PIPE = 16 * 1024;

    private final ServerSocket inner = new ServerSocket(0, 64, InetAddress.getByName("127.0.0.1"));
    private final FrontDoor.Handler handler;
    private final Executor threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Http2Server(FrontDoor.Handler handler, Executor threads) throws IOException {
        this.handler = handler;
        this.threads = threads;
    }

    /** Returns when the connection is over. */
    void serve(Socket client, InputStream in) throws IOException {
        var silent = new AtomicBoolean();
        Socket near;
        Socket far;
        synchronized (inner) {
            near = new Socket(inner.getInetAddress(), inner.getLocalPort());
            far = inner.accept();
        }
        open.add(near);
        open.add(far);
        try (near;
                far) {
            var connection = new Http2Connection.Builder(false, TaskRunner.INSTANCE)
                    .socket(BufferedSocketKt.asBufferedSocket(far), "man in the middle")
                    .listener(new Http2Connection.Listener() {
                        @Override
                        public void onStream(Http2Stream stream) {
                            threads.execute(() -> handle(stream, silent));
                        }
                    })
                    .build();
            connection.start(true);
            threads.execute(() -> pipe(near, client, silent));
            pump(in, near.getOutputStream(), silent);
        } finally {
            open.remove(near);
            open.remove(far);
        }
    }

    private static void pipe(Socket from, Socket to, AtomicBoolean silent) {
        try {
            pump(from.getInputStream(), to.getOutputStream(), silent);
            if (!silent.get()) {
                to.close();
            }
        } catch (IOException e) {
            // One of them hung up.
        }
    }

    private static void pump(InputStream from, OutputStream to, AtomicBoolean silent) throws IOException {
        var buffer = new byte[PIPE];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            if (!silent.get()) {
                to.write(buffer, 0, read);
                to.flush();
            }
        }
    }

    private void handle(Http2Stream stream, AtomicBoolean silent) {
        try {
            handler.handle(request(stream), new Http2Line(stream, silent));
        } catch (IOException e) {
            stream.closeLater(ErrorCode.INTERNAL_ERROR);
        }
    }

    private static Request request(Http2Stream stream) throws IOException {
        Headers headers = stream.takeHeaders(false);
        Map<String, String> plain = new TreeMap<>();
        headers.forEach(each -> plain.put(each.getFirst().toLowerCase(Locale.ROOT), each.getSecond()));
        String target = plain.getOrDefault(Header.TARGET_PATH_UTF8, "/");
        int mark = target.indexOf('?');
        String body;
        try (var source = Okio.buffer(stream.getSource())) {
            body = source.readUtf8();
        }
        return new Request(
                plain.get(Header.TARGET_METHOD_UTF8),
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                plain,
                body);
    }

    @Override
    public void close() throws IOException {
        inner.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private record Http2Line(Http2Stream stream, AtomicBoolean silent) implements Line {
        @Override
        public void send(Answer answer) throws IOException {
            head(answer);
            try (var sink = Okio.buffer(stream.getSink())) {
                sink.write(answer.body());
            }
        }

        @Override
        public void sendHalf(Answer answer) throws IOException {
            head(answer);
            var sink = Okio.buffer(stream.getSink());
            sink.write(answer.body(), 0, answer.body().length / 2);
            sink.flush();
            stream.closeLater(ErrorCode.INTERNAL_ERROR);
        }

        @Override
        public void cut() {
            stream.closeLater(ErrorCode.INTERNAL_ERROR);
        }

        @Override
        public void goSilent() {
            silent.set(true);
        }

        private void head(Answer answer) throws IOException {
            List<Header> headers = new ArrayList<>();
            headers.add(new Header(Header.RESPONSE_STATUS, String.valueOf(answer.status())));
            answer.headers().forEach((name, value) -> headers.add(new Header(name.toLowerCase(Locale.ROOT), value)));
            stream.writeHeaders(headers, false, true);
        }
    }
}
