package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.time.Clock;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of Jenkins jumps ahead while a block holds a token that Qwiet then revokes. */
class ClockAheadSaysTest extends WithQwiet {
    @AfterEach
    void end() {
        JenkinsLeases.get().setTime(null);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 120})
    void whatWasRevokedIsNotSaidToHaveExpiredInUse(long minutes) throws Exception {
        String pause = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(
                "withQwietCiToken(label: 'held', validFor: 60, renew: false) { semaphore '" + pause + "' }\n"
                        + "qwietTokenAudit()",
                true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        JenkinsLeases.get().setTime(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)));
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(run.getLog()).contains("revoked CI token").doesNotContain("expired");
    }
}
