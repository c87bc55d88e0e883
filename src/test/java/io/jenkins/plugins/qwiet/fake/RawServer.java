package io.jenkins.plugins.qwiet.fake;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of bytes: says over HTTP/1.1 what a handler writes, whether or not that is HTTP. */
public final class RawServer implements AutoCloseable {
    public record Req(String method, String path, String body, int onConnection, int connection) {}

    public interface Handler {
        /** @return whether the connection goes on */
        boolean answer(Req request, OutputStream out, Socket socket) throws Exception;
    }

    private final ServerSocket server;
    private final List<Req> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int connections;
    private volatile Handler handler;

    public RawServer(Handler handler) throws IOException {
        this.handler = handler;
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        var thread = new Thread(this::accept, "raw-accept");
        thread.setDaemon(true);
        thread.start();
    }

    public void handler(Handler next) {
        handler = next;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String address() {
        return "http://127.0.0.1:" + port() + "/api/v4";
    }

    public List<Req> requests() {
        return requests;
    }

    public long count(String method) {
        return requests.stream().filter(r -> r.method().equals(method)).count();
    }

    public int connections() {
        return connections;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                int number = ++connections;
                var thread = new Thread(() -> serve(socket, number), "raw-" + number);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int n = 1; ; n++) {
                Req request = read(in, n, number);
                if (request == null) {
                    return;
                }
                requests.add(request);
                if (!handler.answer(request, socket.getOutputStream(), socket)) {
                    return;
                }
            }
        } catch (Exception e) {
            // The other side went away, or the test is over.
        }
    }

    /** Null if no more comes. */
    private static Req read(InputStream in, int onConnection, int connection) throws IOException {
        String head = head(in);
        if (head == null) {
            return null;
        }
        String[] first = head.substring(0, head.indexOf("\r\n")).split(" ");
        int length = 0;
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Req(first[0], first[1], body, onConnection, connection);
    }

    /** Answers what comes on one connection with 200 and always the same. */
    static void serve(InputStream in, OutputStream out, String answer) throws IOException {
        while (read(in, 0, 0) != null) {
            send(out, "200 OK", answer);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) >= 0) {
            head.write(b);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text;
            }
        }
        return null;
    }

    public static void send(OutputStream out, String status, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        send(out, status, bytes, headers);
    }

    public static void send(OutputStream out, String status, byte[] bytes, String... headers) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (!status.startsWith("204")) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes);
        out.flush();
    }

    /** Always the same answer. */
    public static Handler says(String status, String body, String... headers) {
        return (request, out, socket) -> {
            send(out, status, body, headers);
            return true;
        };
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
