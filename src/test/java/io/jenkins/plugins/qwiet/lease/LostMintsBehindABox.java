package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;

/** Mints of which those for the build "lost#1" are answered 504, and lists that lack some tokens without a sign. */
abstract class LostMintsBehindABox extends BehindABox {
    /** What Qwiet keeps of a token. */
    volatile UnaryOperator<ObjectNode> keeps = token -> token;
    /** Whether a lost mint makes a token. */
    volatile boolean makes = true;
    /** Whether Qwiet names an end. */
    volatile boolean named;

    volatile Instant ends = Instant.parse("2030-01-01T00:00:00Z");
    /** Ids that lists do not have. */
    final Set<String> hidden = ConcurrentHashMap.newKeySet();

    volatile String listStatus = "200 OK";
    /** Listed in place of what is there; null if it is not. */
    volatile ArrayNode old;

    @BeforeEach
    final void box() {
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.box = (request, out) -> {
            switch (request.method()) {
                case "GET" -> list(out);
                case "POST" -> make(request, out);
                default -> {
                    return false;
                }
            }
            return true;
        };
    }

    private void list(OutputStream out) throws IOException {
        if (!listStatus.equals("200 OK")) {
            RawServer.send(out, listStatus, "<html>");
        } else if (old != null) {
            world.ok(out, old);
        } else {
            var list = world.json.createArrayNode();
            world.list().forEach(token -> {
                if (!hidden.contains(token.path("id").asText())) {
                    list.add(token);
                }
            });
            world.ok(out, list);
        }
    }

    private void make(RawServer.Req request, OutputStream out) throws IOException {
        boolean lost = request.body().contains("lost");
        ObjectNode answer = null;
        if (!lost || makes) {
            ObjectNode token = world.tokens.get(world.make(request.body()));
            answer = token.deepCopy().put("value", "v");
            if (named) {
                answer.put("expires_at", ends.toString());
            }
            keeps.apply(token);
        }
        if (lost) {
            RawServer.send(out, "504 T", "<html>");
        } else {
            world.ok(out, answer);
        }
    }

    void mint(String build) {
        mint("", build);
    }

    void mint(String description, String build) {
        mint("label", description, build);
    }

    void mint(String label, String description, String build) {
        var order = new MintRequest(
                label,
                description,
                Duration.ofHours(1),
                Account.ofJenkins("sa"),
                build,
                "https://jenkins.example/job/" + build.replace('#', '/') + "/");
        world.leasing.mint(world.client(), order).join();
    }

    void end(String build) {
        for (Lease lease : world.store.leases()) {
            if (lease.buildId().equals(build)) {
                world.leasing.revoke(world.client(), lease).join();
            }
        }
    }

    /** Until one list was asked for; the pause of a lease is at most ten minutes. */
    void sweepForOneList() throws Exception {
        long before = world.server.count("GET");
        for (int i = 0; i < 12 && world.server.count("GET") == before; i++) {
            world.sweep(1);
        }
        assertThat(world.server.count("GET")).isEqualTo(before + 1);
    }

    static ObjectNode undescribed(ObjectNode token) {
        token.remove("description");
        return token;
    }

    void leaseOfLostStays() {
        assertThat(world.store.leases())
                .as("while its token lives: %s", world.tokens.keySet())
                .extracting(Lease::buildId)
                .contains("lost#1");
    }

    void leaseOfLostIsGone() {
        assertThat(world.store.leases())
                .as(() -> String.valueOf(
                        world.store.leases().stream().map(Lease::lastError).toList()))
                .extracting(Lease::buildId)
                .doesNotContain("lost#1");
    }
}
