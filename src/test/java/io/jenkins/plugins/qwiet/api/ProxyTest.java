package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.qwiet.api.ConnectionSettings.HttpProxy;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Credentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through a tiny proxy that wants to know who asks. */
class ProxyTest {
    private static final String GOOD = Credentials.basic("me", "hunter2");

    @RegisterExtension
    private final OverFake over = new OverFake();

    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final HttpClient onwards = HttpClient.newHttpClient();
    private HttpServer proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", this::forward);
        proxy.start();
    }

    @AfterEach
    void stop() {
        proxy.stop(0);
    }

    private void forward(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        var headers = exchange.getRequestHeaders();
        if (!GOOD.equals(headers.getFirst("Proxy-Authorization"))) {
            exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
            exchange.sendResponseHeaders(407, -1);
            exchange.close();
            return;
        }
        targets.add(exchange.getRequestURI().toString());
        var request = HttpRequest.newBuilder(exchange.getRequestURI())
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                .header("Authorization", headers.getFirst("Authorization"))
                .header("Content-Type", String.valueOf(headers.getFirst("Content-Type")))
                .build();
        try {
            var answer = onwards.send(request, BodyHandlers.ofByteArray());
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private QwietClient through(String user, String password, String address) {
        return through(proxy.getAddress().getPort(), user, password, address);
    }

    private QwietClient through(int port, String user, String password, String address) {
        var settings = new ConnectionSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                new HttpProxy("127.0.0.1", port, user, password == null ? null : SecretText.of(password)),
                "qwiet-ci-token");
        return over.client(HttpClientFactory.of(settings), address);
    }

    @Test
    void goesThroughTheProxyByName() {
        var client = through("me", "hunter2", over.fake.address());
        assertThat(client.create(OverFake.TOKEN).join()).isInstanceOf(Done.class);
        assertThat(targets).containsExactly(over.fake.address() + "/orgs/" + over.organization.id() + "/tokens");
        assertThat(over.organization.minted()).isEqualTo(1);
        assertThat(over.fake.requests().get(0).headers()).doesNotContainKey("proxy-authorization");
    }

    @Test
    void aWrongPasswordIsTriedOnce() {
        var client = through("me", "wrong", over.fake.address());
        assertThat(client.create(OverFake.TOKEN).join())
                .isInstanceOfSatisfying(
                        Unsure.class, unsure -> assertThat(unsure.reason()).contains("the proxy does not accept"));
        assertThat(over.fake.calls(Operation.ANY)).isZero();
    }

    @Test
    void aProxyThatWantsANameGetsNoneIfThereIsNone() {
        var client = through(null, null, over.fake.address());
        assertThat(client.myScopes().join())
                .isInstanceOfSatisfying(
                        Unsure.class, unsure -> assertThat(unsure.reason()).contains("HTTP 407"));
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 407, 502})
    void aProxyThatOpensNoTunnelIsNamedAsTheCause(int status) throws IOException {
        try (var closed = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var answering = new Thread(() -> refuse(closed, status));
            answering.start();
            var client = through(closed.getLocalPort(), "me", "hunter2", "https://qwiet.invalid/api/v4");
            assertThat(client.myScopes().join())
                    .isInstanceOfSatisfying(
                            NotSent.class,
                            notSent -> assertThat(notSent.reason())
                                    .startsWith("the proxy does not allow")
                                    .doesNotContain("hunter2"));
        }
    }

    private static void refuse(ServerSocket server, int status) {
        while (true) {
            try (var socket = server.accept()) {
                var in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                while (!in.readLine().isEmpty()) {
                    // To the end of the headers.
                }
                String answer = "HTTP/1.1 " + status + " No\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                return;
            }
        }
    }
}
