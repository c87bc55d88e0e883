package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * As NoDateTest, where each list is whole, and has another's token whose description is shown, and whose label is not. A creation
 * never reached Qwiet.
 */
class DescribedAndRestartedTest extends BehindABox {
    @ParameterizedTest
    @ValueSource(ints = {0, 48, 24, 12})
    void theLeaseOfNoTokenEnds(int hoursBetweenRestarts) throws Exception {
        world.buildRuns = false;
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.box = (request, out) -> {
            String date = "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            world.clock.instant().atOffset(ZoneOffset.UTC));
            if (request.path().endsWith("my_scopes")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[\"tokens:list\"]}", date);
            } else if (request.method().equals("GET")) {
                RawServer.send(
                        out,
                        "200 OK",
                        "{\"ok\":true,\"response\":[{\"id\":\"o-1\",\"description\":\"of somebody\","
                                + "\"token_type\":\"access\",\"expires_at\":\"2030-01-01T00:00:00Z\"}]}",
                        date);
            } else {
                RawServer.send(out, "504 T", "<html>");
            }
            return true;
        };
        world.mint("lost#1");
        assertThat(world.store.leases()).isNotEmpty();
        world.restart();
        int hours = 0;
        String said = "";
        while (!world.store.leases().isEmpty() && hours < 14 * 24) {
            said = world.store.leases().get(0).lastError();
            if (hoursBetweenRestarts > 0 && hours % hoursBetweenRestarts == 0) {
                world.restart();
            }
            for (int i = 0; i < 6; i++) {
                world.janitor.sweep().join();
                world.pass(Duration.ofMinutes(10));
            }
            hours++;
        }
        assertThat(hours)
                .as("hours with the lease, which says: %s; %s", said, world.store.leases())
                .isLessThan(14 * 24);
    }
}
