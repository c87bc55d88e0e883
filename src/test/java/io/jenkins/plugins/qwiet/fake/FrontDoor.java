package io.jenkins.plugins.qwiet.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes connections of HTTP/1.1 and HTTP/2, and hands each request with its way back to a handler. */
final class FrontDoor implements AutoCloseable {
    private static final byte[] HTTP_2 = "PRI".getBytes(StandardCharsets.US_ASCII);
    private static final int BACKLOG = 1024;

    interface Handler {
        void handle(Request request, Line line) throws IOException;
    }

    private final ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
    private final Handler handler;
    private final Http2Server http2;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "front-door");
        thread.setDaemon(true);
        return thread;
    });

    FrontDoor(Handler handler) throws IOException {
        this.handler = handler;
        this.http2 = new Http2Server(handler, threads);
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException | RuntimeException e) {
                // Closed, or a caller that was gone at once.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()), HTTP_2.length);
            byte[] first = in.readNBytes(HTTP_2.length);
            in.unread(first);
            if (Arrays.equals(first, HTTP_2)) {
                http2.serve(socket, in);
                return;
            }
            var line = new Http1Line(socket);
            Request request;
            while ((request = Request.read(in)) != null) {
                handler.handle(request, line);
                line.awaitEnd();
                if (socket.isClosed() || !request.keepsAlive()) {
                    return;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // The other side hung up, or does not speak HTTP: there is nobody to tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            server.close();
            http2.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            // It ends with the process.
        }
    }

    private static final class Http1Line implements Line {
        private final Socket socket;
        private final Wire wire;
        private volatile CountDownLatch answered = new CountDownLatch(1);

        Http1Line(Socket socket) throws IOException {
            this.socket = socket;
            this.wire = new Wire(socket);
        }

        /** One request after the other. */
        void awaitEnd() throws InterruptedException {
            answered.await();
            answered = new CountDownLatch(1);
        }

        @Override
        public void send(Answer answer) throws IOException {
            try {
                wire.send(answer);
            } finally {
                answered.countDown();
            }
        }

        @Override
        public void sendHalf(Answer answer) throws IOException {
            wire.head(answer, answer.body().length + 1);
            wire.piece(answer.body(), 0, answer.body().length / 2);
            cut();
        }

        @Override
        public void cut() throws IOException {
            socket.close();
            answered.countDown();
        }

        @Override
        public void goSilent() {
            // Nobody counts down: nothing more is read here.
        }
    }
}
