package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.OnOtherTime;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As NodesOfACacheTest, where Jenkins is restarted once the creation was lost: the new process knows no clock. */
class NodesOfACacheTest extends PagedQwiet {
    private int lists;
    private volatile boolean lost;

    private String date(Instant at) {
        return "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    private void restart() throws Exception {
        world.restart();
        QwietClients fresh = OnOtherTime.clients(
                world.clock, world.nanos::get, new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1)));
        world.credentials = lease -> Optional.of(fresh.client(
                new ConnectionSettings(Duration.ofSeconds(2), Duration.ofSeconds(4), null, "t"),
                new Organization(ApiAddress.parse(world.server.address()), QwietBehindABox.ORG),
                SecretText.of("bearer-0123456789")));
    }

    @ParameterizedTest
    @CsvSource({"1,true", "2,true", "4,false", "4,true", "6,true", "8,true"})
    void endNoLeaseOfATokenThatLives(int nodes, boolean restarts) throws Exception {
        Instant[] at = new Instant[nodes];
        String[] kept = new String[nodes];
        world.buildRuns = false;
        world.box = (request, out) -> {
            Instant now = world.clock.instant();
            if (isList(request)) {
                int node = lists++ % nodes;
                if (at[node] == null || at[node].plus(Duration.ofHours(3)).isBefore(now)) {
                    at[node] = now;
                    kept[node] = world.json
                            .createObjectNode()
                            .put("ok", true)
                            .set("response", world.list())
                            .toString();
                }
                RawServer.send(out, "200 OK", kept[node], date(at[node]));
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
        for (int i = 0; lists < nodes || i < 12; i++) {
            world.mint("shop#" + i);
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
        lost = true;
        world.mint("lost#1");
        String token = "token-" + world.made.get();
        lost = false;
        if (restarts) {
            restart();
        }
        for (int i = 0; i < 8; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
        assertThat(world.tokens.containsKey(token)
                        && world.store.leases().stream()
                                .noneMatch(lease -> lease.buildId().equals("lost#1")))
                .as("%s lives, and its lease was ended by lists that were kept before it was made", token)
                .isFalse();
    }
}
