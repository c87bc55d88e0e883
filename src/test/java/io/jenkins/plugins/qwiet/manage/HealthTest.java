package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.DiskTrouble;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a health check says. */
class HealthTest {
    private static final Instant NOON = Instant.parse("2026-08-03T12:00:00Z");

    private final FakeClock clock = new FakeClock(NOON);
    private final Store store = new Store();
    private List<Lease> failing = List.of();
    private final Health health =
            new Health(clock, store, () -> store.open ? failing : fail("would wait for the disk"));

    private static final class Store implements Health.Source {
        private boolean open = true;
        private String problem;
        private DiskTrouble trouble;

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public Optional<DiskTrouble> trouble() {
            return Optional.ofNullable(trouble);
        }
    }

    @Test
    void isGoodIfNothingFails() {
        assertThat(health.problem()).isEmpty();
    }

    @Test
    void saysHowManyFailAndSinceWhenAndNothingOfTheCause() {
        failing = List.of(
                SomeLeases.failing(1, "secret " + SomeLeases.HOSTILE, NOON.minusSeconds(1000)),
                SomeLeases.failing(2, "secret", NOON.minusSeconds(2000)));

        assertThat(health.problem())
                .contains("Qwiet CI tokens that could not be revoked for 15 minutes or longer: 2, the first one since"
                        + " 2026-08-03 11:26 UTC.");
    }

    @Test
    void isBadWhileTheDiskTakesNoLease() {
        store.trouble = new DiskTrouble(NOON, "/var/jenkins: full");

        assertThat(health.problem())
                .contains(
                        "Leases of Qwiet CI tokens could not be stored on disk since 2026-08-03 12:00 UTC, so no build"
                                + " gets a token.");
    }

    @Test
    void isBadAsSoonAsTheLeasesAreKnownToBeUnreadable() {
        store.open = false;
        assertThat(health.problem()).as("Jenkins starts").isEmpty();

        store.problem = "/var/jenkins: Permission denied";
        assertThat(health.problem())
                .contains("Leases of Qwiet CI tokens cannot be read from disk, so no build gets a token.");

        store.open = true;
        assertThat(health.problem()).isEmpty();
    }

    @Test
    void isBadIfWhoeverReadsTheLeasesHangs() {
        store.open = false;
        assertThat(health.problem()).isEmpty();
        clock.advance(RevocationMonitor.BEARABLE.minus(Duration.ofSeconds(1)));
        assertThat(health.problem()).isEmpty();
        clock.advance(Duration.ofSeconds(1));

        assertThat(health.problem()).isPresent();
    }
}
