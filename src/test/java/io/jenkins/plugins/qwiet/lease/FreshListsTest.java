package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of now, of which something on the way says much that means nothing. */
class FreshListsTest extends BehindABox {
    private String date() {
        return "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        world.clock.instant().atOffset(ZoneOffset.UTC));
    }

    private void box(boolean makes, String... headers) {
        world.buildRuns = false;
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                String[] all = java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(date()), java.util.stream.Stream.of(headers))
                        .toArray(String[]::new);
                RawServer.send(
                        out,
                        "200 OK",
                        world.json
                                .createObjectNode()
                                .put("ok", true)
                                .set("response", world.list())
                                .toString(),
                        all);
                return true;
            } else if (request.method().equals("POST")) {
                if (makes) {
                    world.make(request.body());
                }
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
    }

    /** The list is of now, and each of these says so, or says nothing of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: 1",
                "X-Cacheable: YES",
                "X-Cache-Enabled: True",
                "X-Cache-Version: 1",
                "X-Cache-Debug: 1",
                "X-Proxy-Cache: MISS",
                "X-Cache: MISS from squid.example|X-Cache-Lookup: HIT from squid.example:3128",
                "Cache-Status: ExampleCache; fwd=stale; fwd-status=200; stored",
                "Cache-Status: ExampleCache; fwd=stale; fwd-status=304; collapsed=?0",
                "X-Cache: MISS from hit-eu.example",
                "CF-Cache-Status: DYNAMIC",
                "CF-Cache-Status: EXPIRED",
                "X-Cache-Status: BYPASS",
                "X-Cache-Hits: 0, 0",
                "X-Cache-Age: 1",
                "X-Cache-TTL-Remaining: 1",
                "X-Cache-Node: 1",
                "X-Cache-Grace: 1",
                "X-Cache-Bypass: true",
                "X-No-Cache: 1",
                "X-Cache-Skip: true",
                "X-Skip-Cache: 1",
                "X-Cache-Miss: 1",
                "X-Cache-Policy: stale-while-revalidate",
                "Surrogate-Cache-Directives: stale-if-error=600"
            })
    void aListOfNowIsBelieved(String headers) throws Exception {
        box(false, headers.split("\\|"));
        world.mint("lost#1");
        world.sweep(24 * 60);
        assertThat(world.store.leases()).extracting(Lease::lastError).isEmpty();
    }

    /** A list of 10,000 tokens of others, none with a description, was seen once. */
    @Test
    void whatWasListedBeforeIsKnownAfterTenThousandOthers() throws Exception {
        box(false);
        for (int i = 0; i < 10_000; i++) {
            world.tokens.put("o" + i, (ObjectNode)
                    world.json.createObjectNode().put("id", "o" + i).put("label", "o"));
        }
        world.mint("lost#1");
        world.sweep(3);
        world.tokens.clear();
        world.sweep(60);
        assertThat(world.store.leases()).isEmpty();
        world.tokens.put("mine", world.json.createObjectNode().put("id", "mine").put("label", "label"));
        world.mint("lost#2");
        world.sweep(1);
        world.mint("lost#3");
        world.sweep(10);
        world.mint("lost#4");
        world.sweep(24 * 60);
        assertThat(world.store.leases()).extracting(Lease::buildId).doesNotContain("lost#4");
    }
}
