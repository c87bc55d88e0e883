package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As ClockAheadWithoutDateTest, where it was Qwiet's clock that was wrong for an hour (behind, ahead), and ours is right. */
class QwietsClockOnceTest extends BehindABox {
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean makes;

    @BeforeEach
    void box() {
        world.buildRuns = false;
        world.box = (request, out) -> {
            String date = "Date: "
                    + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                            world.clock.instant().plus(ahead).atOffset(ZoneOffset.UTC));
            if (request.path().endsWith("my_scopes")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[\"tokens:list\"]}", date);
            } else if (request.method().equals("GET")) {
                RawServer.send(
                        out,
                        "200 OK",
                        "{\"ok\":true,\"response\":[{\"id\":\"o-1\",\"label\":\"another\",\"description\":\"of somebody\","
                                + "\"token_type\":\"access\",\"expires_at\":\"2030-01-01T00:00:00Z\"}],\"shards\":\"a7 b2\"}",
                        date);
            } else {
                if (makes) {
                    world.make(request.body());
                }
                RawServer.send(out, "504 T", "<html>");
            }
            return true;
        };
    }

    private void sweepHours(int hours) throws Exception {
        for (int i = 0; i < hours * 6; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "-60"})
    void endsNoLeaseOfATokenThatLives(int days) throws Exception {
        makes = true;
        ahead = Duration.ofDays(days);
        world.mint("lost#1");
        sweepHours(1);
        ahead = Duration.ZERO;
        world.restartWithoutClock();
        sweepHours(1);
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases())
                .as("leases, two hours after the creation, while its token lives and our clock was always right")
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0", "60"})
    void theLeaseOfNoTokenEnds(int days) throws Exception {
        ahead = Duration.ofDays(days);
        world.mint("lost#1");
        sweepHours(1);
        ahead = Duration.ZERO;
        int after = 0;
        while (!world.store.leases().isEmpty() && after < 10) {
            // Nightly.
            world.restartWithoutClock();
            sweepHours(24);
            after++;
        }
        assertThat(after).as("days").isLessThan(10);
    }
}
