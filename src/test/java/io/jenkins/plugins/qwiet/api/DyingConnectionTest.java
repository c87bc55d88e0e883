package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.FrameServer;
import io.jenkins.plugins.qwiet.fake.FrameServer.Death;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that was used before dies, in all the ways there are: that costs one try of a call that may be repeated. */
class DyingConnectionTest {
    private static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";
    private static final String EMPTY = "{\"ok\":true,\"response\":[]}";
    private static final Duration CALL = Duration.ofSeconds(4);
    private static final RetryLimits NONE = new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1));
    private static final NewToken TOKEN = new NewToken("l", "d", Duration.ofHours(1));

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closing(T what) {
        open.add(what);
        return what;
    }

    private QwietClient client(QwietClients clients, int port) {
        return closing(clients)
                .client(
                        new ConnectionSettings(Duration.ofSeconds(2), CALL, null, "t"),
                        new Organization(ApiAddress.parse("http://127.0.0.1:" + port + "/api/v4"), ORG),
                        SecretText.of("bearer-0123456789"));
    }

    private static Duration timed(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void list(QwietClient client) {
        assertThat(client.list(ListQuery.LIVE, token -> {}).join()).isInstanceOf(Done.class);
    }

    private static void delete(QwietClient client) {
        assertThat(client.delete("a").join()).isEqualTo(new Done<>(true));
    }

    // HTTP/2

    private FrameServer frames() throws IOException {
        return closing(new FrameServer("{\"ok\":true,\"response\":[]}"));
    }

    private QwietClient overHttp2(FrameServer server) {
        return client(OverHttp2.clients(Clock.systemUTC(), NONE), server.port());
    }

    @ParameterizedTest
    @EnumSource(Death.class)
    void ofHttp2(Death death) throws IOException {
        FrameServer server = frames();
        QwietClient client = overHttp2(server);
        list(client);
        server.next(death);
        assertThat(timed(() -> list(client))).isLessThan(CALL);
        assertThat(timed(() -> {
                    for (int i = 0; i < 10; i++) {
                        list(client);
                        delete(client);
                    }
                }))
                .isLessThan(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(
            value = Death.class,
            names = {"SILENT", "HALF_ANSWER_AND_SILENT", "GOAWAY_UNREAD_AND_CLOSE", "CLOSE", "TCP_RESET", "GARBAGE"})
    void ofHttp2WhereManyCallsShareIt(Death death) throws IOException {
        FrameServer server = frames();
        QwietClient client = overHttp2(server);
        list(client);
        server.next(death);
        List<CompletableFuture<? extends Outcome<?>>> calls = new ArrayList<>();
        Duration all = timed(() -> {
            for (int i = 0; i < 20; i++) {
                calls.add(client.list(ListQuery.LIVE, t -> {}));
                calls.add(client.delete("a-" + i));
            }
            assertThat(calls).allSatisfy(call -> assertThat(call.join()).isInstanceOf(Done.class));
        });
        assertThat(all).isLessThan(CALL.plusSeconds(1));
    }

    @Test
    void aFreshConnectionOfHttp2ThatIsSilentEndsInTime() throws IOException {
        FrameServer server = frames();
        server.next(Death.SILENT);
        QwietClient client = overHttp2(server);
        assertThat(timed(() -> client.list(ListQuery.LIVE, t -> {}).join())).isLessThan(CALL.multipliedBy(2));
        list(client);
    }

    // HTTP/1.1

    private static RawServer.Handler onSecondOfFirst(RawServer.Handler dies) {
        return (request, out, socket) -> {
            if (request.connection() == 1 && request.onConnection() == 2) {
                return dies.answer(request, out, socket);
            }
            RawServer.send(out, "200 OK", EMPTY);
            return true;
        };
    }

    private static boolean write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return false;
    }

    private static boolean silent(Socket socket) throws IOException {
        socket.getInputStream().read();
        return false;
    }

    private static boolean reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return false;
    }

    private enum End {
        FIN,
        RESET,
        SILENT;

        boolean of(Socket socket) throws IOException {
            return switch (this) {
                case FIN -> false;
                case RESET -> reset(socket);
                case SILENT -> silent(socket);
            };
        }
    }

    static Stream<String> halfAnswers() {
        return Stream.of(
                "",
                "HTTP/1.1 200 OK\r\nContent-",
                "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"ok\":",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{\"ok\":\r\n",
                "HTTP/1.1 404 Not Found\r\nContent-Length: 65\r\n\r\n{\"ok\":false,\"code\":\"TOKEN_NOT_FO");
    }

    private void survives(RawServer.Handler dies) throws IOException {
        var server = closing(new RawServer(onSecondOfFirst(dies)));
        QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
        list(client);
        assertThat(timed(() -> list(client))).isLessThan(CALL);
        delete(client);
        assertThat(server.count("GET")).isEqualTo(3);
        var deleting = closing(new RawServer(onSecondOfFirst(dies)));
        QwietClient another = client(new QwietClients(Clock.systemUTC(), NONE), deleting.port());
        list(another);
        assertThat(timed(() -> delete(another))).isLessThan(CALL);
        list(another);
        assertThat(deleting.count("DELETE")).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("halfAnswers")
    void thatEndsWithinAnAnswer(String half) throws IOException {
        for (End end : List.of(End.FIN, End.RESET)) {
            survives((request, out, socket) -> write(out, half) || end.of(socket));
        }
    }

    @ParameterizedTest
    @MethodSource("halfAnswers")
    void thatIsSilentWithinAnAnswer(String half) throws IOException {
        survives((request, out, socket) -> write(out, half) || End.SILENT.of(socket));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void thatSaysWhatIsNoHttp(String garbage) throws IOException {
        survives((request, out, socket) -> write(out, garbage));
    }

    /** Balancers write these as they close an idle connection: the next call takes them for its answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 408 Request Time-out\r\nCache-Control: no-cache\r\n\r\n<html>",
                "HTTP/1.1 400 Bad Request\r\nconnection: Close\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.0 504 Gateway Time-out\r\n\r\n<html>"
            })
    void thatWasAnsweredBeforeItWasAsked(String late) throws IOException {
        var server = closing(new RawServer((request, out, socket) -> {
            if (request.connection() > 1 || request.onConnection() > 1) {
                RawServer.send(out, "200 OK", EMPTY);
                return true;
            }
            // In one piece: both have arrived when the first is read.
            return write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + EMPTY.length() + "\r\n\r\n" + EMPTY + late)
                    || silent(socket);
        }));
        QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
        list(client);
        list(client);
        delete(client);
    }

    /** About the connection, or about when it was asked: RFC 9110, 15.5.9 and 15.5.20; RFC 8470, 5.2. */
    @ParameterizedTest
    @ValueSource(ints = {408, 421, 425})
    void whatIsSaidOfAConnectionIsAskedOnAnother(int status) throws IOException {
        for (String body : List.of("<html>", "{\"ok\":false,\"code\":\"X\",\"message\":\"y\"}")) {
            var server = closing(new RawServer((request, out, socket) -> {
                RawServer.send(
                        out,
                        request.connection() == 1 ? status + " No" : "200 OK",
                        request.connection() == 1 ? body : EMPTY);
                return true;
            }));
            QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
            list(client);
            assertThat(server.count("GET")).isEqualTo(2);
            assertThat(client.create(TOKEN).join()).isInstanceOf(Unsure.class);
            assertThat(server.count("POST")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 421, 425})
    void thatIsSaidOnceMoreAndNoMore(int status) throws IOException {
        var server = closing(new RawServer(RawServer.says(status + " No", "<html>", "Connection: close")));
        QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
        assertThat(client.delete("a").join()).isInstanceOf(Unsure.class);
        assertThat(server.count("DELETE")).isEqualTo(2);
        assertThat(client.create(TOKEN).join()).isInstanceOf(Unsure.class);
        assertThat(server.count("POST")).isEqualTo(1);
    }

    /** An outage is not asked twice: a fresh connection that answers is not a dying one. */
    @Test
    void anOutageIsAskedOnce() throws IOException {
        var server = closing(new RawServer(RawServer.says("503 No", "<html>", "Connection: close")));
        QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
        for (int i = 0; i < 3; i++) {
            assertThat(client.delete("a").join()).isInstanceOf(Unsure.class);
        }
        assertThat(server.count("DELETE")).isEqualTo(3);
    }

    @Test
    void whatComesBehindAnAnswerIsNoAnswer() throws IOException {
        var server = closing(new RawServer((request, out, socket) -> {
            RawServer.send(out, "200 OK", EMPTY);
            return request.connection() > 1 || !write(out, "<!-- a proxy was here -->\r\n");
        }));
        QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
        list(client);
        list(client);
        delete(client);
    }

    /** All idle connections of a burst were dropped: not each of them costs a wait. */
    @Test
    void aPoolOfDeadConnectionsCostsOneWait() throws IOException {
        int burst = 16;
        var together = new CyclicBarrier(burst);
        var server = closing(new RawServer((request, out, socket) -> {
            if (request.connection() <= burst) {
                if (request.onConnection() > 1) {
                    return silent(socket);
                }
                together.await();
            }
            RawServer.send(out, "200 OK", EMPTY);
            return true;
        }));
        QwietClient client = client(new QwietClients(Clock.systemUTC(), NONE), server.port());
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < burst; i++) {
            calls.add(client.list(ListQuery.LIVE, t -> {}));
        }
        calls.forEach(CompletableFuture::join);
        assertThat(timed(() -> {
                    for (int i = 0; i < 10; i++) {
                        list(client);
                    }
                }))
                .isLessThan(CALL);
    }
}
