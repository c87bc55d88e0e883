package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Tests of a silent cache of several nodes, asked by turns, each of which has a list of its own, with the date of then. */
abstract class KeptLists extends PagedQwiet {
    record Kept(String list, Instant at) {}

    private int lists;
    private volatile boolean loses;

    /**
     * Which list a node answers with.
     *
     * @param kept by it, null if it has none
     * @param fresh of now
     */
    abstract Kept answer(Kept kept, Kept fresh);

    /** What a node has after that. */
    abstract Kept keep(Kept kept, Kept fresh);

    /** Builds that mint and end, every ten minutes, until each node has been asked. */
    final void ordinaryBuilds(int nodes, int atLeast) throws Exception {
        var kept = new Kept[nodes];
        world.buildRuns = false;
        world.box = (request, out) -> {
            Instant now = world.clock.instant();
            if (isList(request)) {
                int node = lists++ % nodes;
                var fresh = new Kept(envelope(world.list()), now);
                Kept answer = answer(kept[node], fresh);
                kept[node] = keep(kept[node], fresh);
                RawServer.send(out, "200 OK", answer.list(), date(answer.at()));
            } else if (request.method().equals("POST")) {
                String id = world.make(request.body());
                if (loses) {
                    RawServer.send(out, "504 T", "late");
                } else {
                    var token = world.tokens.get(id).deepCopy().put("value", "v");
                    RawServer.send(out, "200 OK", envelope(token), date(now));
                }
            } else {
                world.tokens.remove(request.path().substring(request.path().lastIndexOf('/') + 1));
                RawServer.send(out, "200 OK", "{\"ok\":true}", date(now));
            }
            return true;
        };
        for (int i = 0; lists < nodes || i < atLeast; i++) {
            world.mint("shop#" + i);
            sweepTenMinutes(1);
        }
    }

    /** @return the ID of the token that was created */
    final String loseACreation() {
        loses = true;
        world.mint("lost#1");
        loses = false;
        return "token-" + world.made.get();
    }

    final void sweepTenMinutes(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
    }

    final void hasItsLease(String token) {
        assertThat(world.tokens.containsKey(token)
                        && world.store.leases().stream()
                                .noneMatch(lease -> lease.buildId().equals("lost#1")))
                .as("%s lives, and its lease was ended by lists that were kept before it was made", token)
                .isFalse();
    }

    private String envelope(JsonNode response) {
        return world.json
                .createObjectNode()
                .put("ok", true)
                .set("response", response)
                .toString();
    }

    private static String date(Instant at) {
        return "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }
}
