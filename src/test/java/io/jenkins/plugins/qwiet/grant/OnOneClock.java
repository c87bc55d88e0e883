package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Jenkins and the stand-in for Qwiet share a clock that goes when it is told to. */
abstract class OnOneClock extends OnJenkins {
    final FakeClock clock = new FakeClock(Instant.now());

    @BeforeEach
    final void shareAClock() throws Exception {
        qwiet.close();
        qwiet = FakeQwiet.start(clock);
        QwietAccount.set(qwiet);
        JenkinsLeases.get().setTime(clock);
    }

    /** Time passes, and the timer of renewals sees it. */
    final void pass(Duration time) {
        clock.advance(time);
        Renewals.get().tick();
    }

    /** Ticks each second; virtual time waits for calls that are under way. */
    final void passEachSecond(int seconds) {
        for (int i = 0; i < seconds; i++) {
            pass(Duration.ofSeconds(1));
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> Renewals.get().isIdle());
        }
    }

    /** The janitor sweeps each minute by the real clock, so it may rest by this one after an outage. */
    @Override
    protected void untilTheJanitorHasEndedTheRest() {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(1));
            JenkinsLeases.get().janitor().sweep().get();
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        });
    }

    @AfterEach
    final void goOnByTheRealOne() {
        JenkinsLeases.get().setTime(null);
    }
}
