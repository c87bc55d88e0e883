package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clocks that are wrong end no lease. */
class ClocksProveNothingTest extends BehindABox {
    /** The clock of this machine is set in the middle of a life, and an answer names a wrong time. */
    @ParameterizedTest
    @CsvSource({
        "3650, 0",
        "-3650, 0",
        "0, 3650",
        "0, -3650",
        "3650, -3650",
        "-3650, 3650",
        "36500, 0",
        "-20000, 0",
        "0, -20600"
    })
    void clocksEndNothing(long ours, long theirs) throws Exception {
        var lies = new AtomicInteger();
        world.box = (request, out) -> {
            var answer = new ByteArrayOutputStream();
            world.qwiet(request, answer);
            String date = java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    world.clock.instant().plus(Duration.ofDays(theirs)).atOffset(java.time.ZoneOffset.UTC));
            String text = answer.toString();
            out.write(text.replaceFirst("\r\n", "\r\nDate: " + date + "\r\n").getBytes());
            out.flush();
            lies.incrementAndGet();
            return true;
        };
        world.mint("shop#1");
        world.mint("shop#2");
        world.clock.advance(Duration.ofDays(ours));
        world.sweep(30);
        assertThat(world.tokens).hasSize(2);
        assertThat(world.store.leases()).hasSize(2);
        world.buildRuns = false;
        world.clock.advance(Duration.ofDays(-ours));
        world.sweep(60);
        nothingLeft();
        assertThat(lies.get()).isPositive();
    }
}
