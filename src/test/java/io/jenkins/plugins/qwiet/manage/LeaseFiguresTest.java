package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many leases there are, as a page of metrics shows it. */
class LeaseFiguresTest {
    private static final Instant NOON = Instant.parse("2026-08-03T12:00:00Z");

    private final FakeClock clock = new FakeClock(NOON);
    private final AtomicLong nanos = new AtomicLong();
    private Collection<Lease> leases;
    private int looks;

    private final LeaseFigures figures = new LeaseFigures(
            new LeaseFigures.Source() {
                @Override
                public Collection<Lease> leases() {
                    looks++;
                    return leases;
                }

                @Override
                public int resting() {
                    return 7;
                }
            },
            clock,
            nanos::get);

    @Test
    void areNotKnownBeforeTheLeasesAreRead() {
        assertThat(figures.in(Lease.State.LIVE)).isNull();
        assertThat(figures.resting()).isNull();
        assertThat(figures.failingSeconds()).isNull();

        leases = List.of();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(figures.in(Lease.State.LIVE)).isZero();
        assertThat(figures.resting()).isEqualTo(7);
        assertThat(figures.failingSeconds()).isZero();
    }

    @Test
    void areOfTheStatesThatThePageShows() {
        leases = List.of(
                SomeLeases.failing(1, "no answer", NOON.minusSeconds(90)),
                SomeLeases.failing(2, "no answer", NOON.minusSeconds(1000)),
                SomeLeases.released(3, "x", "shop#3", SomeLeases.nowhere()));

        long released = leases.stream()
                .filter(lease -> lease.state() == Lease.State.RELEASED)
                .count();
        assertThat(figures.in(Lease.State.RELEASED)).isEqualTo((int) released);
        assertThat(figures.in(Lease.State.UNREVOCABLE)).isZero();
        assertThat(figures.failingSeconds()).isEqualTo(1000);
    }

    @Test
    void aClockThatIsPutBackMakesNoNegativeAge() {
        leases = List.of(SomeLeases.failing(1, "no answer", NOON.plusSeconds(90)));

        assertThat(figures.failingSeconds()).isZero();
    }

    @Test
    void oneLookServesAllWhoAskAtTheSameTime() {
        var many = new ArrayList<Lease>();
        for (int number = 0; number < 10_000; number++) {
            many.add(SomeLeases.released(number, "x", "shop#" + number, SomeLeases.nowhere()));
        }
        leases = many;
        for (Lease.State state : Lease.State.values()) {
            figures.in(state);
        }
        figures.resting();
        figures.failingSeconds();
        assertThat(looks).isEqualTo(1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        figures.resting();

        assertThat(looks).isEqualTo(2);
    }
}
