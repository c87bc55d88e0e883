package io.jenkins.plugins.qwiet.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server that says what a test wants it to say, whatever that is. */
final class Canned implements AfterEachCallback {
    static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";

    private static final String LIST_QUERY = "&show_expired=false&token_type=access";

    /** What is answered; the body may be empty. */
    record Answer(int status, String body, Map<String, String> headers) {
        static Answer json(String body) {
            return new Answer(200, body, Map.of("Content-Type", "application/json"));
        }
    }

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final QwietClients clients =
            new QwietClients(Clock.systemUTC(), new RetryLimits(1, Duration.ofMillis(1), Duration.ofSeconds(1)));
    private volatile Function<String, Answer> answers = asked -> Answer.json("{}");

    Canned() {
        // Else each answer waits 40 ms for the acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    Canned says(int status, String body) {
        return says(new Answer(status, body, Map.of()));
    }

    Canned says(Answer answer) {
        answers = ignored -> answer;
        return this;
    }

    /** By what is behind the path of the tokens, such as {@code page=2}, without what each page is asked for by. */
    Canned says(Function<String, Answer> byQuery) {
        answers = byQuery;
        return this;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method, path and query of each request, in order. */
    List<String> asked() {
        return asked;
    }

    QwietClient client() {
        return client("the-bearer-0123456789");
    }

    QwietClient client(String bearer) {
        var settings = new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), null, "test");
        return clients.client(settings, new Organization(ApiAddress.parse(address()), ORG), SecretText.of(bearer));
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        exchange.getRequestBody().readAllBytes();
        String query = exchange.getRequestURI().getRawQuery();
        Answer answer = answers.apply(query == null ? "" : query.replace(LIST_QUERY, ""));
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        clients.close();
        server.stop(0);
    }
}
