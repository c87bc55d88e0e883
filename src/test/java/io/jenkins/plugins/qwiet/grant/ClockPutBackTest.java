package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.time.Instant;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;

/** Nobody knows the age of a token that was made by a clock which was ahead. */
class ClockPutBackTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeClock past = new FakeClock(Instant.now());
    private final FakeQwiet qwiet = FakeQwiet.start(past);

    @AfterEach
    void close() {
        qwiet.close();
    }

    private static WorkflowRun run(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
    }

    private static String seen(WorkflowRun run) throws Exception {
        return OnJenkins.archived(run, "seen");
    }

    /** The clock of Jenkins was two hours ahead until it was put right, and Jenkins restarted with the machine. */
    @Test
    void aTokenOfAClockThatWasPutBackIsRenewed() throws Throwable {
        session.then(jenkins -> {
            past.advance(Duration.ofHours(-1));
            JenkinsLeases.get().setTime(new FakeClock(past.instant().plus(Duration.ofHours(2))));
            QwietAccount.set(qwiet);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition("""
                    withQwietCiToken(label: 'held', validFor: 60) {
                      semaphore 'restart'
                      node { sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                        archiveArtifacts 'seen' }
                      semaphore 'end'
                    }
                    """, true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("restart/1", run);
        });
        past.advance(Duration.ofHours(1));
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("restart/1", null);
            SemaphoreStep.waitForStart("end/1", run);
            boolean living = qwiet.organization().isLive(seen(run));
            SemaphoreStep.success("end/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            assertThat(living).isTrue();
        });
    }
}
