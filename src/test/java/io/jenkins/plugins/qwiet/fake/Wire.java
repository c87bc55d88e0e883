package io.jenkins.plugins.qwiet.fake;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Puts an answer on a connection, in as many pieces as a fault wants. */
final class Wire {
    private final Socket socket;
    private final OutputStream out;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
    }

    /** How an answer travels. */
    @FunctionalInterface
    interface Delivery {
        Delivery WHOLE = (answer, wire) -> wire.send(answer);

        void deliver(Answer answer, Wire wire) throws IOException, InterruptedException;
    }

    void send(Answer answer) throws IOException {
        if (answer.status() == 204) {
            headWithoutBody(answer);
            return;
        }
        head(answer, answer.body().length);
        piece(answer.body(), 0, answer.body().length);
    }

    void head(Answer answer, long contentLength) throws IOException {
        var head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" Fake\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(contentLength).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** An answer of 204 or 304, which has no body and no length of one. */
    void headWithoutBody(Answer answer) throws IOException {
        var head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" Fake\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    void piece(byte[] bytes, int from, int to) throws IOException {
        out.write(bytes, from, to - from);
        out.flush();
    }

    /** Only the one connection waits: each has a thread of its own. */
    void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }

    void cut() throws IOException {
        socket.close();
    }
}
