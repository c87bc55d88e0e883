package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A creation that is counted once is sent once: counted at the server, whatever it answers. */
class SentOnceTest {
    private static final RetryLimits HASTY = new RetryLimits(3, Duration.ofMillis(1), Duration.ofSeconds(10));

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final QwietClients clients = new QwietClients(Clock.systemUTC(), HASTY);
    private HttpServer server;
    private volatile int status;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        clients.close();
        server.stop(0);
    }

    /** With every header that has ever moved a client to ask again. */
    private void answer(HttpExchange exchange) throws IOException {
        arrived.add(
                exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
        exchange.getRequestBody().readAllBytes();
        var headers = exchange.getResponseHeaders();
        headers.add("Retry-After", "0");
        headers.add("Location", "http://127.0.0.1:" + server.getAddress().getPort() + "/elsewhere");
        headers.add("WWW-Authenticate", "Basic realm=\"x\"");
        headers.add("Proxy-Authenticate", "Basic realm=\"x\"");
        headers.add("Qwiet-Ci-Token-Status", "503");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private QwietClient client(HttpProxy proxy) {
        var settings = new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), proxy, "test");
        var organization = new Organization(
                ApiAddress.parse("http://127.0.0.1:" + server.getAddress().getPort()),
                "0d1c2b3a-0000-4000-8000-000000000001");
        return clients.client(settings, organization, SecretText.of("bearer"));
    }

    private HttpProxy proxy() {
        return new HttpProxy("127.0.0.1", server.getAddress().getPort(), "me", SecretText.of("pässword"));
    }

    static IntStream statuses() {
        return IntStream.rangeClosed(200, 599).filter(status -> status != 429);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void oneCreationIsOneRequest(int answered) {
        status = answered;
        Outcome<MintedToken> outcome = client(null).create(OverFake.TOKEN).join();
        assertThat(outcome).isInstanceOf(Unsure.class);
        assertThat(arrived).hasSize(1);
        if (answered >= 300) {
            assertThat(outcome.reason()).contains("HTTP " + answered);
            assertThat(outcome.retryAfter()).isEqualTo(Duration.ZERO);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407, 408, 421, 425, 503})
    void throughAProxyToo(int answered) {
        status = answered;
        assertThat(client(proxy()).create(OverFake.TOKEN).join()).isInstanceOf(Unsure.class);
        assertThat(arrived).hasSize(1).allMatch(each -> each.startsWith("POST Basic "));
    }

    @Test
    void whatWasTurnedAwayUnreadIsSentAgain() {
        status = 429;
        assertThat(client(null).create(OverFake.TOKEN).join()).isInstanceOf(NotSent.class);
        assertThat(arrived).hasSize(1 + HASTY.retries());
    }

    @Test
    void aListThatWasPutOffIsAskedForAgain() {
        status = 503;
        assertThat(client(null).list(QwietClient.ListQuery.LIVE, token -> {}).join())
                .isEqualTo(new Unsure<>(
                        "HTTP 503 from something that is not Qwiet's API", Duration.ZERO, null, Cause.SERVER_ERROR));
        assertThat(arrived).hasSize(1 + HASTY.retries());
    }
}
