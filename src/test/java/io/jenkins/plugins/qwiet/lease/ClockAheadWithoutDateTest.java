package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Before its time is set, a start takes it to be two months later, and no answer of Qwiet says what time it is (a gateway strips
 * Date): that clock alone is no reason to believe a list of which nobody knows whether it is the whole.
 */
class ClockAheadWithoutDateTest extends PagedQwiet {
    @ParameterizedTest
    @CsvSource({"field, false", "move, false", "field, true", "move, true"})
    void endsNoLeaseOfATokenThatLives(String why, boolean dated) throws Exception {
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            String header = header(dated);
            // The token is on none of these: it slips from page to page, or stands behind what the field says.
            var shown = others.stream().map(this::other).toList();
            shown.forEach(token -> token.put("expires_at", "2027-01-01T00:00:00Z"));
            if (why.equals("move")) {
                sendPage(out, shown, page(request), header);
                if (page(request) == 0) {
                    othersGoOn();
                }
            } else {
                var list = world.json.createArrayNode().addAll(shown);
                RawServer.send(
                        out, "200 OK", "{\"ok\":true,\"response\":" + list + ",\"shard_color\":\"green\"}", header);
            }
            return true;
        };
        loseResponse();
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases()).isNotEmpty();
        jump();
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases())
                .as("leases, half an hour after the creation, while its token lives")
                .isNotEmpty();
    }

    /** A silent cache gives a list of before; that it lacks a token that a running build has says so. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void believesNoListThatLacksATokenOfARunningBuild(boolean dated) throws Exception {
        world.builds = lease -> lease.buildId().equals("shop#2");
        int[] made = {0};
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                String id = world.make(request.body());
                if (made[0]++ == 0) {
                    RawServer.send(out, "504 T", "late");
                } else {
                    var token = world.tokens.get(id).put("expires_at", "2026-08-03T11:00:00Z");
                    RawServer.send(
                            out,
                            "200 OK",
                            world.json
                                    .createObjectNode()
                                    .put("ok", true)
                                    .set("response", token.deepCopy().put("value", "v"))
                                    .toString(),
                            header(dated));
                }
                return true;
            } else if (isList(request)) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", header(dated));
                return true;
            }
            return false;
        };
        world.mint("shop#1");
        assertThat(world.mint("shop#2")).isInstanceOf(MintResult.Minted.class);
        jump();
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases())
                .as("leases of creations that were not answered, while the token lives")
                .anyMatch(lease -> lease.tokenId() == null);
    }

    private Duration ahead = Duration.ZERO;

    /** Kill and start. */
    private void jump() throws Exception {
        ahead = Duration.ofDays(60);
        world.clock.advance(ahead);
        world.restart();
    }

    private String header(boolean dated) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                world.clock.instant().minus(ahead).atOffset(ZoneOffset.UTC));
        return dated ? "Date: " + date : "X-Other: 1";
    }
}
