package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Beside the tokens of each list stands what nobody knows; Jenkins is restarted each night. A creation never reached Qwiet. A
 * gateway strips Date, or (Varnish, Fastly) adds "Age: 0" to all that it passes on.
 */
class NoDateTest extends BehindABox {
    @ParameterizedTest
    @ValueSource(strings = {"date", "no date", "age 0"})
    void theLeaseOfNoTokenEndsThoughJenkinsIsRestartedEachNight(String how) throws Exception {
        world.buildRuns = false;
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.box = (request, out) -> {
            String date = "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            world.clock.instant().atOffset(ZoneOffset.UTC));
            String[] headers =
                    switch (how) {
                        case "date" -> new String[] {date};
                        case "age 0" -> new String[] {date, "Age: 0"};
                        default -> new String[] {"X-Other: 1"};
                    };
            if (request.path().endsWith("my_scopes")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[\"tokens:list\"]}", headers);
            } else if (request.method().equals("GET")) {
                RawServer.send(
                        out,
                        "200 OK",
                        "{\"ok\":true,\"response\":[{\"id\":\"o-1\",\"label\":\"another\",\"description\":\"of somebody\","
                                + "\"token_type\":\"access\",\"expires_at\":\"2030-01-01T00:00:00Z\"}],\"shards\":\"a7 b2\"}",
                        headers);
            } else {
                RawServer.send(out, "504 T", "<html>");
            }
            return true;
        };
        world.mint("lost#1");
        assertThat(world.store.leases()).hasSize(1);
        int days = 0;
        String said = "";
        while (!world.store.leases().isEmpty() && days < 14) {
            said = world.store.leases().get(0).lastError();
            world.restart();
            for (int i = 0; i < 24 * 6; i++) {
                world.janitor.sweep().join();
                world.pass(Duration.ofMinutes(10));
            }
            days++;
        }
        assertThat(days).as("days with the lease, which says: %s", said).isLessThan(14);
    }
}
