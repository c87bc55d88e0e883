package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A silent cache of several nodes, asked by turns, in the manner of RFC 5861: each answers with what it has, and asks anew behind
 * that. So each answer is of as many cleanups ago as there are nodes, all the time. */
class StaleWhileRevalidateTest extends PagedQwiet {
    private int lists;
    private volatile boolean lost;

    private String date(Instant at) {
        return "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 6})
    void endNoLeaseOfATokenThatLives(int nodes) throws Exception {
        Instant[] at = new Instant[nodes];
        String[] kept = new String[nodes];
        world.buildRuns = false;
        world.box = (request, out) -> {
            Instant now = world.clock.instant();
            if (isList(request)) {
                int node = lists++ % nodes;
                String fresh = world.json
                        .createObjectNode()
                        .put("ok", true)
                        .set("response", world.list())
                        .toString();
                boolean has = kept[node] != null;
                RawServer.send(out, "200 OK", has ? kept[node] : fresh, date(has ? at[node] : now));
                at[node] = now;
                kept[node] = fresh;
            } else if (request.method().equals("POST")) {
                String id = world.make(request.body());
                if (lost) {
                    RawServer.send(out, "504 T", "late");
                } else {
                    var token = world.tokens.get(id).deepCopy().put("value", "v");
                    RawServer.send(
                            out,
                            "200 OK",
                            world.json
                                    .createObjectNode()
                                    .put("ok", true)
                                    .set("response", token)
                                    .toString(),
                            date(now));
                }
            } else {
                world.tokens.remove(request.path().substring(request.path().lastIndexOf('/') + 1));
                RawServer.send(out, "200 OK", "{\"ok\":true}", date(now));
            }
            return true;
        };
        for (int i = 0; lists < nodes || i < 60; i++) {
            world.mint("shop#" + i);
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
        lost = true;
        world.mint("lost#1");
        String token = "token-" + world.made.get();
        lost = false;
        for (int i = 0; i < 8; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
        assertThat(world.tokens.containsKey(token)
                        && world.store.leases().stream()
                                .noneMatch(lease -> lease.buildId().equals("lost#1")))
                .as(
                        "%s lives, and its lease was ended by lists that were kept before it was made (lists: " + lists
                                + ")",
                        token)
                .isFalse();
    }
}
