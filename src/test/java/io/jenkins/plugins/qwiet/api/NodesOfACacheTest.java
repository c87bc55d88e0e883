package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A silent cache of several nodes, asked by turns, each of which keeps the same list for hours: they are as far apart as they were
 * asked for, and are asked for again as far apart, as those of two accounts were.
 */
class NodesOfACacheTest {
    private static final Instant START = Instant.parse("2026-08-03T10:00:00Z");
    private final FakeClock clock = new FakeClock(START);
    private final AtomicLong nanos = new AtomicLong(1234);
    private final ServerClock ofQwiet = new ServerClock(clock, nanos::get);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void areNoClock(int nodes) {
        Instant[] kept = new Instant[nodes];
        for (int i = 0; i < 12; i++) {
            Instant now = clock.instant();
            ofQwiet.saw(now, nanos.get(), false);
            int node = i % nodes;
            kept[node] = kept[node] == null ? now : kept[node];
            ofQwiet.saw(kept[node], nanos.get(), true);
            assertThat(ofQwiet.earliest()).as("list %d", i).isCloseTo(now, within(2, ChronoUnit.SECONDS));
            clock.advance(Duration.ofMinutes(10));
            nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        }
    }
}
