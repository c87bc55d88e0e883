package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A freestyle build is killed with Jenkins while Qwiet is out; a Pipeline that it started goes on when Jenkins is back. */
class LeftByKillTest {
    @RegisterExtension
    private final RealJenkinsExtension process = JenkinsProcess.extension();

    @TempDir
    Path files;

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    @Test
    void aPipelineHidesWhatABuildHeldThatStartedIt() throws Throwable {
        process.startJenkins();
        process.runRemotely(
                LeftByKillTest::begin,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount(),
                files.toFile());
        String value = qwiet.organization().liveTokens().iterator().next().value();
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        process.stopJenkinsForcibly();
        process.startJenkins();

        String log = process.runRemotely(LeftByKillTest::goOn, files.toFile());

        assertThat(qwiet.organization().isLive(value)).isTrue();
        assertThat(log).contains("got <****>");
        assertThat(new Leaks(value).in(log)).as(log).isFalse();
    }

    private static void begin(JenkinsRule r, String address, String orgId, String account, File directory)
            throws Exception {
        QwietAccount.set(address, orgId, account);
        Path files = directory.toPath();
        FreeStyleProject job = r.createFreeStyleProject("up");
        job.getBuildersList().add(new QwietTokenBuilder("handed"));
        String keep = "printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > '" + files.resolve("token") + "'";
        job.getBuildersList().add(new Shell(keep + "; touch '" + files.resolve("kept") + "'; sleep 600"));
        var up = job.scheduleBuild2(0).waitForStart();
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(files.resolve("kept")));
        WorkflowJob down = r.createProject(WorkflowJob.class, "down");
        down.setDefinition(new CpsFlowDefinition("""
                node {
                  sh "while [ ! -e 'DIR/go' ]; do sleep 0.2; done"
                  sh 'set +x; echo "got <$(cat DIR/token)>"'
                }
                """.replace("DIR", files.toString()), true));
        WorkflowRun run = Objects.requireNonNull(
                        down.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((hudson.model.Run<?, ?>) up))))
                .waitForStart();
        r.waitForMessage("+ sleep 0.2", run);
    }

    private static String goOn(JenkinsRule r, File directory) throws Exception {
        WorkflowRun run = r.jenkins.getItemByFullName("down", WorkflowJob.class).getBuildByNumber(1);
        r.waitForMessage("Ready to run", run);
        Files.createFile(directory.toPath().resolve("go"));
        r.assertBuildStatusSuccess(r.waitForCompletion(run));
        return JenkinsRule.getLog(run);
    }
}
