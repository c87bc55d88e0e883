package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;

/** A script of {@code evaluate} goes on with its token after a restart, though the token is hidden in what Pipeline keeps of it. */
class EvaluatedAfterRestartTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    @Test
    void aScriptThatWasEvaluatedGoesOnWithTheTokenItHad() throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition("""
                    qwietCiToken(label: 'evaluated', variable: 'T')
                    evaluate("semaphore 'wait'; echo 'length ' + '${env.T}'.length(); echo 'same ' + ('${env.T}' == env.T)")
                    """, false));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("wait/1", run);
        });
        session.then(jenkins -> {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
            SemaphoreStep.success("wait/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(JenkinsRule.getLog(run)).contains("same true");
        });
    }
}
