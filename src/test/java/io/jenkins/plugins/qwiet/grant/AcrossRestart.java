package io.jenkins.plugins.qwiet.grant;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Instant;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;

/** Tests of a Pipeline, shop#1, that waits in the step semaphore 'pause' while Jenkins is started again. */
abstract class AcrossRestart {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    final FakeClock clock = new FakeClock(Instant.now());
    final FakeQwiet qwiet = FakeQwiet.start(clock);

    @AfterEach
    void close() {
        qwiet.close();
    }

    final WorkflowRun begin(JenkinsRule jenkins, String script) throws Exception {
        JenkinsLeases.get().setTime(clock);
        QwietAccount.set(qwiet);
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("pause/1", run);
        return run;
    }

    static WorkflowRun run(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
    }

    static String seen(WorkflowRun run, String name) throws Exception {
        return OnJenkins.archived(run, name);
    }

    static boolean isCurrently(WorkflowRun run, int number) {
        return BuildTokens.of(run).stream()
                .flatMap(tokens -> tokens.getTokens().stream())
                .anyMatch(token -> token.isCurrent() && token.number() == number);
    }

    final String value(String label) {
        return qwiet.valueOf(label);
    }
}
