package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;

/** After a restart too, what a step records while it goes on is looked at again and again. */
class RecordsAfterRestartTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    private static WorkflowRun run(JenkinsRule jenkins, String name) {
        return jenkins.jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
    }

    private static WorkflowRun start(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private String value() {
        return qwiet.organization().liveTokens().iterator().next().value();
    }

    @Test
    void whatAStepRecordsWhileItGoesOnAfterARestartIsHidden() throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowRun up = start(
                    jenkins, "shop", "withQwietCiToken(label: 'up', variable: 'T') { stage('s') { semaphore 'up' } }");
            SemaphoreStep.waitForStart("up/1", up);
        });
        String value = value();
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins, "shop");
            Awaitility.await()
                    .until(() -> run.getExecution() != null
                            && !run.getExecution().getCurrentHeads().isEmpty());
            var node = run.getExecution().getCurrentHeads().get(0);
            node.addAction(new WarningAction(Result.UNSTABLE).withMessage("warns of " + value));
            try {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(45))
                        .untilAsserted(() -> assertThat(OnJenkins.filesContaining(run, value))
                                .isEmpty());
            } finally {
                SemaphoreStep.success("up/1", null);
                jenkins.waitForCompletion(run);
            }
        });
    }
}
