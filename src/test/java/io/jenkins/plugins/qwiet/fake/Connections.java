package io.jenkins.plugins.qwiet.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Listens on the loopback interface, with a daemon thread for each connection, so that no call holds up another. */
final class Connections implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "fake-qwiet");
        thread.setDaemon(true);
        return thread;
    });

    /** Answers a request, by whatever it does to the wire. */
    interface Handler {
        void handle(Request request, Wire wire) throws IOException, InterruptedException;
    }

    Connections(int port, Handler handler) throws IOException {
        this.server = new ServerSocket(port, BACKLOG, InetAddress.getByName("127.0.0.1"));
        this.handler = handler;
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException | RuntimeException e) {
                // Closed, or a caller that was gone at once.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            var wire = new Wire(socket);
            Request request;
            while ((request = Request.read(in)) != null) {
                handler.handle(request, wire);
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
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            // It ends with the process.
        }
    }
}
