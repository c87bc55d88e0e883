package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lease says of lists, once these say it no more. */
class SaidOfBeforeTest extends BehindABox {
    private volatile String beside = ",\"shards\":\"a7 b2\"";
    private volatile String list = "";

    private String date() {
        return "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        world.clock.instant().atOffset(ZoneOffset.UTC));
    }

    private void begin(boolean dated) {
        world.buildRuns = false;
        world.box = (request, out) -> {
            String header = dated ? date() : "X-Other: 1";
            if (request.path().endsWith("my_scopes")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[\"tokens:list\"]}", header);
            } else if (request.method().equals("GET")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[" + list + "]" + beside + "}", header);
            } else {
                RawServer.send(out, "504 T", "<html>");
            }
            return true;
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesNoFieldThatIsGone(boolean dated) throws Exception {
        begin(dated);
        world.mint("lost#1");
        world.sweep(60);
        assertThat(world.store.leases()).hasSize(1);
        beside = "";
        for (int i = 0; i < 11 && world.store.leases().get(0).lastError() != null; i++) {
            world.sweep(1);
            if (world.store.leases().isEmpty()) {
                return;
            }
        }
        // A list without the field was had by now: it is asked for every ten minutes.
        world.sweep(1);
        List<String> said = world.store.leases().stream().map(Lease::lastError).toList();
        assertThat(said).as("said of lists that have no such field").allMatch(s -> s == null || !s.contains("shards"));
    }

    /** A build of a process before hangs, its token has ended; Jenkins is restarted every five hours. */
    @Test
    void anEndedTokenOfAHangingBuildHoldsNoLeaseForEver() throws Exception {
        begin(true);
        beside = "";
        world.builds = lease -> lease.buildId().equals("hangs#1");
        var before = world.box;
        world.box = (request, out) -> {
            if (request.method().equals("POST") && world.made.get() == 0) {
                var token = world.tokens.remove(world.make(request.body())).put("value", "v");
                token.put("expires_at", "2026-08-03T11:00:00Z");
                world.ok(out, token);
                return true;
            }
            return before.meddle(request, out);
        };
        assertThat(world.mint("hangs#1")).isInstanceOf(MintResult.Minted.class);
        world.pass(Duration.ofHours(2));
        world.mint("lost#1");
        for (int restart = 0; restart < 20; restart++) {
            world.restart();
            for (int i = 0; i < 5 * 6; i++) {
                world.janitor.sweep().join();
                world.pass(Duration.ofMinutes(10));
            }
        }
        Optional<Lease> left = world.store.leases().stream()
                .filter(lease -> lease.buildId().equals("lost#1"))
                .findFirst();
        assertThat(left.map(Lease::lastError)).as("100 hours later").isEmpty();
    }
}
