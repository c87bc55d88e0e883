package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.time.Instant;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock of Jenkins is fifty minutes ahead of Qwiet's; both go evenly. */
class ClocksDifferTest extends OnJenkins {
    private final FakeClock qwiets = new FakeClock(Instant.now());
    private final FakeClock ours = new FakeClock(qwiets.instant().plus(Duration.ofMinutes(50)));

    @BeforeEach
    void theClocksDiffer() throws Exception {
        qwiet.close();
        qwiet = FakeQwiet.start(qwiets);
        qwiet.tellTime(Duration.ZERO);
        QwietAccount.set(qwiet);
        JenkinsLeases.get().setTime(ours);
    }

    @AfterEach
    void goOn() {
        JenkinsLeases.get().setTime(null);
    }

    private void pass(Duration time) {
        qwiets.advance(time);
        ours.advance(time);
        Renewals.get().tick();
    }

    @Test
    void aTokenThatAProcessWasStartedWithIsNotRevokedBeforeItDies() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 3600) { semaphore 'PAUSE' }");
        FakeToken first = token("held");
        pass(Duration.ofSeconds(401));
        await().until(() -> Renewals.get().isIdle());
        pass(Duration.ofSeconds(200));
        pass(Duration.ofSeconds(1));
        try {
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> qwiet.organization().isLive(first.value()));
        } finally {
            build.goOn(Result.SUCCESS);
        }
    }

    @Test
    void whatIsRevokedWhileItLivesIsNotSaidToHaveExpired() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 3600, renew: false) { semaphore 'PAUSE' }");
        pass(Duration.ofSeconds(660));
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogNotContains("expired at", run);
        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", run);
    }
}
