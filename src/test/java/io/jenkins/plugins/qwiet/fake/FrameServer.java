package io.jenkins.plugins.qwiet.fake;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** HTTP/2 in clear, frame by frame: answers each request alike, and lets a connection die in a way that is asked for. */
public final class FrameServer implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final byte[] STATUS_200 = {(byte) 0x88};
    private static final byte[] HALF = "{\"ok\":".getBytes(StandardCharsets.UTF_8);

    /** What becomes of the connection on which the next request comes. */
    public enum Death {
        NONE,
        SILENT,
        ANSWER_AND_GOAWAY,
        ANSWER_AND_NO_MORE_STREAMS,
        GOAWAY_UNREAD,
        GOAWAY_UNREAD_AND_CLOSE,
        STREAM_REFUSED,
        STREAM_FAILED,
        STREAM_CANCELLED,
        STREAM_CALMED,
        HALF_ANSWER_AND_SILENT,
        HALF_ANSWER_AND_STREAM_FAILED,
        CLOSE,
        TCP_RESET,
        GARBAGE
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Death> next = new AtomicReference<>(Death.NONE);
    private final byte[] answer;

    /** @param answer to each request, with status 200 */
    public FrameServer(String answer) throws IOException {
        this.answer = answer.getBytes(StandardCharsets.UTF_8);
        begin(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** For one request; those after it are answered. */
    public void next(Death death) {
        next.set(death);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void begin(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The other side went away, or the test is over.
                    }
                },
                "frames");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            sockets.add(socket);
            begin(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        OutputStream out = socket.getOutputStream();
        in.mark(8);
        byte[] begin = in.readNBytes(3);
        in.reset();
        if (new String(begin, StandardCharsets.US_ASCII).equals("PRI")) {
            in.skipNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
            frame(out, SETTINGS, 0, 0);
            frames(socket, in, out);
        } else {
            RawServer.serve(in, out, new String(answer, StandardCharsets.UTF_8));
        }
    }

    private void frames(Socket socket, DataInputStream in, OutputStream out) throws IOException {
        boolean silent = false;
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = in.readNBytes(length);
            if (silent) {
                continue;
            }
            if ((type == SETTINGS || type == PING) && (flags & ACK) == 0) {
                frame(out, type, ACK, 0, type == PING ? payload : new byte[0]);
            } else if (type == HEADERS) {
                Death death = next.getAndSet(Death.NONE);
                silent = death == Death.SILENT || death == Death.HALF_ANSWER_AND_SILENT;
                die(death, socket, out, stream);
            }
        }
    }

    private void die(Death death, Socket socket, OutputStream out, int stream) throws IOException {
        switch (death) {
            case NONE -> answer(out, stream);
            case SILENT -> {}
            case ANSWER_AND_GOAWAY -> {
                answer(out, stream);
                frame(out, GOAWAY, 0, 0, ints(stream, 0));
            }
            case ANSWER_AND_NO_MORE_STREAMS -> {
                answer(out, stream);
                frame(out, SETTINGS, 0, 0, new byte[] {0, 3, 0, 0, 0, 0});
            }
            case GOAWAY_UNREAD -> frame(out, GOAWAY, 0, 0, ints(stream - 2, 0));
            case GOAWAY_UNREAD_AND_CLOSE -> {
                frame(out, GOAWAY, 0, 0, ints(stream - 2, 0));
                socket.close();
            }
            case STREAM_REFUSED -> frame(out, RST_STREAM, 0, stream, ints(7));
            case STREAM_FAILED -> frame(out, RST_STREAM, 0, stream, ints(2));
            case STREAM_CANCELLED -> frame(out, RST_STREAM, 0, stream, ints(8));
            case STREAM_CALMED -> frame(out, RST_STREAM, 0, stream, ints(11));
            case HALF_ANSWER_AND_SILENT -> half(out, stream);
            case HALF_ANSWER_AND_STREAM_FAILED -> {
                half(out, stream);
                frame(out, RST_STREAM, 0, stream, ints(2));
            }
            case CLOSE -> socket.close();
            case TCP_RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case GARBAGE -> {
                out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }

    private void answer(OutputStream out, int stream) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, STATUS_200);
        frame(out, DATA, END_STREAM, stream, answer);
    }

    private static void half(OutputStream out, int stream) throws IOException {
        frame(out, HEADERS, END_HEADERS, stream, STATUS_200);
        frame(out, DATA, 0, stream, HALF);
    }

    private static void frame(OutputStream out, int type, int flags, int stream, byte... payload) throws IOException {
        var frame = ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        out.write(frame.array());
        out.flush();
    }

    private static byte[] ints(int... values) {
        var bytes = ByteBuffer.allocate(Integer.BYTES * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }
}
