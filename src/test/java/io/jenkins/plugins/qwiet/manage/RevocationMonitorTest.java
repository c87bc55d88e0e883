package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.AbortException;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.manage.RevocationMonitor.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the warning tells of revocations that fail. */
class RevocationMonitorTest {
    private static final Instant NOON = Instant.parse("2026-08-03T12:00:00Z");
    private static final Instant SINCE = NOON.minus(RevocationMonitor.BEARABLE);

    @Test
    void isNoneInTheFirstQuarterOfAnHour() {
        Lease fresh = SomeLeases.failing(1, "no answer", SINCE.plusMillis(1));
        Lease sound = SomeLeases.released(2, "x", "shop#2", SomeLeases.nowhere());
        assertThat(Trouble.of(List.of(fresh, sound), SINCE)).isEmpty();
        assertThat(Trouble.of(List.of(SomeLeases.failing(1, "no answer", SINCE)), SINCE))
                .hasSize(1);
    }

    @Test
    void namesEachCauseOnceTheMostFrequentFirst() {
        var leases = new ArrayList<Lease>();
        leases.add(SomeLeases.failing(0, "No credential (credentials id: sa).", SINCE));
        for (int number = 1; number <= 2000; number++) {
            leases.add(SomeLeases.failing(
                    number,
                    String.format(
                            "Qwiet said 500 BROKEN: token 1f0c2f5e-0000-4000-8000-%012x, request %032x",
                            number, number),
                    SINCE.minus(Duration.ofSeconds(number))));
        }
        List<Trouble> troubles = Trouble.of(leases, SINCE);
        assertThat(troubles)
                .extracting(Trouble::cause)
                .containsExactly("Qwiet said 500 BROKEN: token …, request …", "No credential (credentials id: sa).");
        assertThat(troubles.get(0).tokens()).isEqualTo(2000);
        assertThat(troubles.get(0).since()).isEqualTo("2026-08-03 11:11 UTC");
    }

    @Test
    void letsACauseDoNothing() {
        assertThat(Trouble.of(List.of(SomeLeases.failing(1, "a\u202eb\n\u001b[31m", SINCE)), SINCE))
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.cause()).isEqualTo("a\\u202eb\\u000a\\u001b[31m"));
    }

    /** Counts how often it is looked at. */
    private static final class Leases implements RevocationMonitor.Source {
        private Object sweep;
        private String problem;
        private int looks;
        private boolean open;
        private List<String> warnings = List.of();
        private List<Lease> leases = List.of();

        @Override
        public Object lastSweep() throws AbortException {
            if (problem != null) {
                looks++;
                throw new AbortException(problem);
            }
            return sweep;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public List<String> warnings() {
            return warnings;
        }

        @Override
        public List<Lease> leases() {
            looks++;
            return leases;
        }
    }

    private static boolean page(RevocationMonitor monitor) {
        monitor.getTroubles();
        monitor.getMore();
        return !monitor.getProblems().isEmpty() || !monitor.getTroubles().isEmpty();
    }

    @Test
    void looksAtTheLeasesOnceASweepHoweverManyPagesAreOpened() {
        var source = new Leases();
        var monitor = new RevocationMonitor(new FakeClock(NOON), source);
        assertThat(page(monitor)).isFalse();
        source.leases = List.of(SomeLeases.failing(1, "no answer", SINCE));
        assertThat(page(monitor)).isFalse();
        assertThat(source.looks).isEqualTo(1);

        source.sweep = new Object();

        assertThat(page(monitor)).isTrue();
        assertThat(page(monitor)).isTrue();
        assertThat(source.looks).isEqualTo(2);
    }

    @Test
    void triesADiskThatDoesNotAnswerOnceAMinute() {
        var source = new Leases();
        var clock = new FakeClock(NOON);
        var monitor = new RevocationMonitor(clock, source);
        source.problem = "The disk is full.";
        assertThat(page(monitor)).isTrue();
        assertThat(page(monitor)).isTrue();
        assertThat(monitor.getProblems()).containsExactly("The disk is full.");
        assertThat(source.looks).isEqualTo(1);

        source.problem = null;
        assertThat(page(monitor)).isTrue();
        clock.advance(Duration.ofMinutes(1));

        assertThat(page(monitor)).isFalse();
    }

    @Test
    void isOverAtOnceWhenLeasesCanBeStoredAgain() {
        var source = new Leases();
        var monitor = new RevocationMonitor(new FakeClock(NOON), source);
        source.problem = "Another Jenkins uses it.";
        assertThat(page(monitor)).isTrue();

        source.problem = null;
        source.open = true;

        assertThat(page(monitor)).isFalse();
    }

    @Test
    void warnsAtOnceAndNoLonger() {
        var source = new Leases();
        var monitor = new RevocationMonitor(new FakeClock(NOON), source);
        assertThat(page(monitor)).isFalse();

        source.warnings = List.of("Leases rest (1).");
        assertThat(page(monitor)).isTrue();

        source.warnings = List.of();
        assertThat(page(monitor)).isFalse();
    }
}
