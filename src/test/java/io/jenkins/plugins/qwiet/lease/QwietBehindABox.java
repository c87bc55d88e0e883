package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.OnOtherTime;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A small Qwiet over a real socket, a box before it, and a process with leases on virtual time. */
final class QwietBehindABox implements AutoCloseable {
    static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";
    static final Instant NOW = Instant.parse("2026-08-03T10:00:00Z");

    /** Answers in Qwiet's place, or lets it pass. */
    interface Box {
        /** @return whether it answered */
        boolean meddle(RawServer.Req request, OutputStream out) throws IOException;
    }

    final FakeClock clock = new FakeClock(NOW);
    final AtomicLong nanos = new AtomicLong(1234);
    final Map<String, ObjectNode> tokens = Collections.synchronizedMap(new LinkedHashMap<>());
    final RawServer server;
    final QwietClients clients;
    final ObjectMapper json = new ObjectMapper();
    final AtomicInteger made = new AtomicInteger();
    private final AtomicLong nonce = new AtomicLong();
    volatile Box box = (request, out) -> false;
    volatile boolean buildRuns = true;
    volatile Janitor.Clients credentials;
    volatile Function<Lease, Optional<QwietClient>> kept = lease -> Optional.empty();
    volatile Janitor.Builds builds = lease -> buildRuns;
    volatile Executor lookUps = Runnable::run;
    Path directory;
    LeaseStore store;
    Leasing leasing;
    Janitor janitor;

    QwietBehindABox(Path directory) throws IOException {
        this.directory = directory;
        server = new RawServer((request, out, socket) -> {
            if (!box.meddle(request, out)) {
                qwiet(request, out);
            }
            return true;
        });
        clients = newClients();
        credentials = lease -> Optional.of(client());
        start();
    }

    /** A new process. */
    void start() throws IOException {
        store = Leases.store(directory.resolve("leases"), clock);
        leasing = new Leasing(
                store,
                clock,
                nanos::get,
                () -> new StringBuilder(Leases.nonce(nonce.incrementAndGet()))
                        .reverse()
                        .toString());
        janitor = new Janitor(
                leasing,
                new Janitor.Clients() {
                    @Override
                    public Optional<QwietClient> clientFor(Lease lease) {
                        return credentials.clientFor(lease);
                    }

                    @Override
                    public Optional<QwietClient> keptFor(Lease lease) {
                        return kept.apply(lease);
                    }
                },
                lease -> builds.mayStillUse(lease),
                clock,
                4,
                lookUps);
    }

    void restart() throws IOException {
        start();
    }

    /** A new process that has not yet heard what Qwiet's clock says. */
    void restartWithoutClock() throws IOException {
        restart();
        QwietClients fresh = newClients();
        credentials = lease -> Optional.of(client(fresh));
    }

    private QwietClients newClients() {
        return OnOtherTime.clients(clock, nanos::get, new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)));
    }

    QwietClient client() {
        return client(clients);
    }

    private QwietClient client(QwietClients of) {
        return of.client(
                new ConnectionSettings(Duration.ofSeconds(2), Duration.ofSeconds(4), null, "t"),
                new Organization(ApiAddress.parse(server.address()), ORG),
                SecretText.of("bearer-0123456789"));
    }

    MintResult mint() {
        return mint("shop#1");
    }

    MintResult mint(String build) {
        return leasing.mint(
                        client(),
                        new MintRequest(
                                "label",
                                "",
                                Duration.ofHours(1),
                                Account.ofJenkins("sa"),
                                build,
                                "https://jenkins.example/job/" + build.replace('#', '/') + "/"))
                .join();
    }

    void pass(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    /** A pass of the janitor each minute. */
    void sweep(int minutes) throws Exception {
        for (int i = 0; i < minutes; i++) {
            janitor.sweep().get(1, TimeUnit.MINUTES);
            pass(Duration.ofMinutes(1));
        }
    }

    String make(String body) throws IOException {
        JsonNode asked = json.readTree(body);
        String id = "token-" + made.incrementAndGet();
        tokens.put(
                id,
                json.createObjectNode()
                        .put("id", id)
                        .put("label", asked.path("label").asText())
                        .put("description", asked.path("description").asText())
                        .put("token_type", "access"));
        return id;
    }

    void qwiet(RawServer.Req request, OutputStream out) throws IOException {
        switch (request.method()) {
            case "POST" -> {
                ObjectNode token = tokens.get(make(request.body())).deepCopy().put("value", "v");
                ok(out, token);
            }
            case "GET" -> ok(out, list());
            default -> {
                String id = request.path().substring(request.path().lastIndexOf('/') + 1);
                if (tokens.remove(id) != null) {
                    RawServer.send(out, "200 OK", "{\"ok\":true}");
                } else {
                    RawServer.send(
                            out,
                            "404 N",
                            "{\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token " + id + " not found\"}");
                }
            }
        }
    }

    JsonNode list() {
        var list = json.createArrayNode();
        synchronized (tokens) {
            tokens.values().forEach(list::add);
        }
        return list;
    }

    void ok(OutputStream out, JsonNode response) throws IOException {
        RawServer.send(
                out,
                "200 OK",
                json.createObjectNode()
                        .put("ok", true)
                        .set("response", response)
                        .toString());
    }

    @Override
    public void close() throws IOException {
        clients.close();
        server.close();
    }
}
