package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RenewalPaceTest {
    private static final Instant MINTED = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration LIFE = Duration.ofMinutes(30);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void isDueWhenAThirdIsLeft() {
        var pace = new RenewalPace(nanos::get, false);

        assertThat(pace.isDue(MINTED, LIFE, MINTED.plusSeconds(20 * 60 - 1))).isFalse();
        assertThat(pace.isDue(MINTED, LIFE, MINTED.plusSeconds(20 * 60))).isTrue();
        assertThat(pace.isDue(MINTED, LIFE, MINTED.plus(Duration.ofDays(3)))).isTrue();
    }

    @Test
    void isDueThoughTheClockWasPutBack() {
        var pace = new RenewalPace(nanos::get, true);

        pass(20 * 60 - 1);
        assertThat(pace.isDue(MINTED, LIFE, MINTED.minusSeconds(86_400))).isFalse();
        pass(1);
        assertThat(pace.isDue(MINTED, LIFE, MINTED.minusSeconds(86_400))).isTrue();
        pace.succeeded();
        assertThat(pace.isDue(MINTED, LIFE, MINTED.minusSeconds(86_400))).isFalse();
    }

    @Test
    void sendsWhileUndecidedWithPausesThatGrowAndEnd() {
        var pace = new RenewalPace(nanos::get, false);

        assertThat(pace.maySendUndecided()).isTrue();
        for (int pause : new int[] {15, 30, 60, 120, 240, 300, 300}) {
            pace.sending();
            pass(pause - 1);
            assertThat(pace.maySendUndecided()).as("%s", pause).isFalse();
            pass(1);
            assertThat(pace.maySendUndecided()).as("%s", pause).isTrue();
        }
        pace.sending();
        pace.succeeded();
        assertThat(pace.maySendUndecided()).isTrue();
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
