package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What dies in one branch is nothing to another. */
class DeadTokenOfAnotherBranchTest extends OnJenkins {
    private final FakeClock clock = new FakeClock(Instant.now());

    @BeforeEach
    void shareAClock() throws Exception {
        qwiet.close();
        qwiet = FakeQwiet.start(clock);
        QwietAccount.set(qwiet);
        JenkinsLeases.get().setTime(clock);
    }

    @AfterEach
    void asItWas() {
        JenkinsLeases.get().setTime(null);
    }

    /** A block with a living token sees the dead one of another branch. */
    @Test
    void aBlockWithALivingTokenSeesNoDeadOneOfAnotherBranch() throws Exception {
        Paused build = paused("""
                parallel a: { node { withQwietCiToken(label: 'block') { env.OPEN = 'yes'
                    semaphore 'PAUSE'
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                    archiveArtifacts 'seen' } } },
                  b: { waitUntil(initialRecurrencePeriod: 100) { env.OPEN == 'yes' }
                    qwietCiToken(label: 'rest', validFor: 60, renew: false)
                    echo 'b is through' }
                """);
        jenkins.waitForMessage("b is through", build.run());
        clock.advance(Duration.ofSeconds(90));
        Renewals.get().tick();
        String living = token("block").value();
        SemaphoreStep.success(build.pause() + "/1", null);
        WorkflowRun run = jenkins.waitForCompletion(build.run());
        String seen;
        try (var in = run.getArtifactManager().root().child("seen").open()) {
            seen = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(seen).isEqualTo(living);
    }
}
