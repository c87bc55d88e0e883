package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

/** A job whose builds start the next one, for ever. */
class EndlessChainTest extends OnJenkins {
    @Test
    void doesNotRememberBuildsThatAreOver() throws Exception {
        String pause = newName();
        WorkflowJob job = job("semaphore '" + pause + "'");
        WorkflowRun before = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", before);
        for (int i = 2; i <= 12; i++) {
            WorkflowRun next = Objects.requireNonNull(
                            job.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) before))))
                    .waitForStart();
            SemaphoreStep.waitForStart(pause + "/" + i, next);
            SemaphoreStep.success(pause + "/" + (i - 1), null);
            jenkins.waitForCompletion(before);
            // As when Jenkins no longer has in memory what is over.
            BuildMask.forgetAll();
            BuildMask.ofPrinting(next);
            before = next;
        }
        int remembered = UpstreamBuilds.of(before).size();
        SemaphoreStep.success(pause + "/12", null);
        jenkins.waitForCompletion(before);
        assertThat(remembered).isLessThan(3);
    }
}
