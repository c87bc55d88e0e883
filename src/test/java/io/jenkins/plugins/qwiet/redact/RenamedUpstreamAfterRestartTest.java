package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** What a build was called before Jenkins was restarted, others may still call it afterwards. */
class RenamedUpstreamAfterRestartTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    @TempDir
    Path files;

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    private static WorkflowRun run(JenkinsRule jenkins, String job) {
        return jenkins.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static WorkflowJob job(JenkinsRule jenkins, String name, String script) throws Exception {
        return define(jenkins.createProject(WorkflowJob.class, name), script);
    }

    private static WorkflowJob define(WorkflowJob job, String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private String live() {
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        return qwiet.organization().liveTokens().iterator().next().value();
    }

    private static void assertHidden(Run<?, ?> run, String value) throws Exception {
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("got <****>");
        assertThat(new Leaks(value).in(log)).as("token in the log").isFalse();
    }

    /** With an executor, for which it waits in the queue under another number than before. */
    private static void untilItRunsAgain(WorkflowRun run) {
        await().until(() -> run.getOneOffExecutor() != null);
    }

    private String print() {
        return "set +x; echo \"got <$(cat " + files.resolve("token") + ")>\"";
    }

    @Test
    void hidesWhatARunningBuildReads() throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowRun up = define(
                            jenkins.createProject(Folder.class, "team").createProject(WorkflowJob.class, "shop"),
                            "qwietCiToken(label: 'filed'); semaphore 'up'")
                    .scheduleBuild2(0)
                    .waitForStart();
            SemaphoreStep.waitForStart("up/1", up);
            var cause = new CauseAction(new Cause.UpstreamCause(up));
            WorkflowRun running = job(jenkins, "running", "semaphore 'down'; node { sh '" + print() + "' }")
                    .scheduleBuild2(0, cause)
                    .waitForStart();
            SemaphoreStep.waitForStart("down/1", running);
            jenkins.jenkins.getItemByFullName("team", Folder.class).renameTo("group");
            up.getParent().renameTo("store");
        });
        String value = live();
        Files.writeString(files.resolve("token"), value);
        session.then(jenkins -> {
            WorkflowRun up = run(jenkins, "group/store");
            untilItRunsAgain(up);
            SemaphoreStep.success("down/1", null);
            assertHidden(jenkins.waitForCompletion(run(jenkins, "running")), value);
            assertThat(live()).isEqualTo(value);
            up.doKill();
        });
    }

    @Test
    void hidesWhatABuildReadsThatIsOlderThanTwoRestarts() throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowRun up = job(jenkins, "up", "qwietCiToken(label: 'filed'); semaphore 'up'")
                    .scheduleBuild2(0)
                    .waitForStart();
            SemaphoreStep.waitForStart("up/1", up);
            WorkflowRun down = job(jenkins, "down", "semaphore 'down'; node { sh '" + print() + "' }")
                    .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(up)))
                    .waitForStart();
            SemaphoreStep.waitForStart("down/1", down);
        });
        String value = live();
        Files.writeString(files.resolve("token"), value);
        session.then(jenkins -> untilItRunsAgain(run(jenkins, "up")));
        session.then(jenkins -> {
            untilItRunsAgain(run(jenkins, "up"));
            SemaphoreStep.success("down/1", null);
            WorkflowRun down = jenkins.waitForCompletion(run(jenkins, "down"));
            assertThat(live()).isEqualTo(value);
            assertHidden(down, value);
            run(jenkins, "up").doKill();
        });
    }

    /** A build that is over starts another after a restart, as by a button of a plugin for promotions. */
    @ParameterizedTest
    @ValueSource(strings = {"shop", "store"})
    void hidesWhatTheFirstHoldsThoughTheOneBetweenWasOver(String nameLater) throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowRun up = job(jenkins, "shop", "qwietCiToken(label: 'filed'); semaphore 'up'")
                    .scheduleBuild2(0)
                    .waitForStart();
            SemaphoreStep.waitForStart("up/1", up);
            jenkins.assertBuildStatusSuccess(Objects.requireNonNull(jenkins.createFreeStyleProject("between")
                    .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(up)))));
            if (!nameLater.equals("shop")) {
                up.getParent().renameTo(nameLater);
            }
        });
        String value = live();
        Files.writeString(files.resolve("token"), value);
        session.then(jenkins -> {
            WorkflowRun up = run(jenkins, nameLater);
            Run<?, ?> between = jenkins.jenkins
                    .getItemByFullName("between", FreeStyleProject.class)
                    .getBuildByNumber(1);
            Run<?, ?> down = jenkins.assertBuildStatusSuccess(
                    Objects.requireNonNull(job(jenkins, "down", "node { sh '" + print() + "' }")
                            .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(between)))));
            assertThat(live()).isEqualTo(value);
            up.doKill();
            assertHidden(down, value);
        });
    }
}
