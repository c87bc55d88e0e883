package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Computer;
import hudson.model.FreeStyleProject;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterValue;
import hudson.model.Queue;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.model.TextParameterValue;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskDispatcher;
import hudson.slaves.ComputerListener;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import jenkins.model.Jenkins;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionList;
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
import org.jvnet.hudson.test.TestExtension;

/** Jenkins starts what waits in the queue before it loads the Pipelines that go on: their tokens have to be hidden all the same. */
class HandedOnAfterRestartTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    @TempDir
    Path files;

    private final FakeQwiet qwiet = FakeQwiet.start();

    private static volatile boolean restarted;

    @AfterEach
    void close() {
        restarted = false;
        qwiet.close();
    }

    /** As soon as the controller is there, builds begin; listeners of other plugins are told before jobs and Pipelines are. */
    @TestExtension
    public static class Slow extends ComputerListener {
        @Override
        public void onOnline(Computer computer, TaskListener listener) throws IOException {
            if (restarted && computer instanceof Jenkins.MasterComputer) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Jenkins.get()
                                        .getItemByFullName("down", FreeStyleProject.class)
                                        .getLastCompletedBuild()
                                != null);
            }
        }
    }

    /** Stands for anything that lets a build wait until Jenkins goes down. */
    @TestExtension
    public static class NotYet extends QueueTaskDispatcher {
        static volatile boolean no;

        @Override
        public CauseOfBlockage canRun(Queue.Item item) {
            return no ? CauseOfBlockage.fromMessage(hudson.model.Messages._Queue_InProgress()) : null;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parameter", "file"})
    void hidesWhatAWaitingBuildIsHandedThatStartsBeforeTheOtherIsLoaded(String how) throws Throwable {
        String value = handOn(how);
        assertHiddenThoughLive(value);
    }

    /** A lease is not the only thing by which it is known who holds a token. */
    @ParameterizedTest
    @ValueSource(strings = {"lost", "those of another"})
    void hidesWhatAWaitingBuildReadsWhateverBecameOfTheLeases(String what) throws Throwable {
        String value = handOn("file");
        Path leases = session.getHome().toPath().resolve("qwiet-ci-token/leases");
        if (what.equals("lost")) {
            FileUtils.deleteDirectory(leases.toFile());
        } else {
            Files.delete(leases.resolve("owner.json"));
            Files.delete(leases.resolve("owner-again.json"));
        }
        assertHiddenThoughLive(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parameter", "text", "password", "cause"})
    void hidesWhatItWasGivenThoughTheOtherCannotBeLoaded(String how) throws Throwable {
        String value = handOn(how);
        Path record = session.getHome().toPath().resolve("jobs/up/builds/1/build.xml");
        assertThat(record).exists();
        Files.writeString(record, "<flow-build><actions><");
        // Pipeline would wait minutes for it when Jenkins stops.
        Files.delete(session.getHome().toPath().resolve(FlowExecutionList.class.getName() + ".xml"));
        session.then(jenkins -> {
            String log = logOfDown(jenkins);
            assertThat(log).contains("got <****>");
            assertThat(new Leaks(value).in(log)).as(log).isFalse();
        });
    }

    /** It goes on, and whoever holds the token does not. */
    @Test
    void hidesWhatIsHandedOnByABuildThatWasGivenItThoughTheOtherCannotBeLoaded() throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowRun up = paused(jenkins, "up", "qwietCiToken(label: 'handed')");
            WorkflowJob between = jenkins.createProject(WorkflowJob.class, "between");
            between.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
            between.setDefinition(new CpsFlowDefinition("semaphore 'between'; semaphore 'end'", true));
            var given = new ParametersAction(new StringParameterValue("GIVEN", live()));
            WorkflowRun run = between.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(up)), given)
                    .waitForStart();
            SemaphoreStep.waitForStart("between/1", run);
        });
        String value = live();
        // Or the janitor would revoke it: its build is gone.
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        Path home = session.getHome().toPath();
        Files.writeString(home.resolve("jobs/up/builds/1/build.xml"), "<flow-build><actions><");
        // Pipeline would wait minutes for it when Jenkins stops.
        Path running = home.resolve(FlowExecutionList.class.getName() + ".xml");
        String others = Files.readString(running)
                .replaceAll("<flow-owner[^>]*>\\s*<job>up</job>\\s*<id>1</id>\\s*</flow-owner>", "");
        assertThat(others).contains("<job>between</job>").doesNotContain("<job>up</job>");
        Files.writeString(running, others);
        session.then(jenkins -> {
            SemaphoreStep.success("between/1", null);
            WorkflowRun between = jenkins.jenkins
                    .getItemByFullName("between", WorkflowJob.class)
                    .getBuildByNumber(1);
            SemaphoreStep.waitForStart("end/1", between);
            FreeStyleProject down = printing(jenkins, "$GIVEN");
            var given = new ParametersAction(new StringParameterValue("GIVEN", value));
            down.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(between)), given)
                    .get();
            SemaphoreStep.success("end/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(between));
            String log = logOfDown(jenkins);
            assertThat(live()).as("still live").isEqualTo(value);
            assertThat(log).contains("got <****>");
            assertThat(new Leaks(value).in(log)).as(log).isFalse();
        });
    }

    private void assertHiddenThoughLive(String value) throws Throwable {
        session.then(jenkins -> {
            String log = logOfDown(jenkins);
            assertThat(live()).as("still live").isEqualTo(value);
            jenkins.jenkins
                    .getItemByFullName("up", WorkflowJob.class)
                    .getBuildByNumber(1)
                    .doKill();
            assertThat(log).contains("got <****>");
            assertThat(new Leaks(value).in(log)).as(log).isFalse();
        });
    }

    private static String logOfDown(JenkinsRule jenkins) throws Exception {
        var run = jenkins.jenkins
                .getItemByFullName("down", FreeStyleProject.class)
                .getLastCompletedBuild();
        assertThat(run).isNotNull();
        return JenkinsRule.getLog(run);
    }

    /** Jenkins has ended afterwards, and a build waits. */
    private String handOn(String how) throws Throwable {
        Path file = files.resolve("token");
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowRun up = paused(jenkins, "up", "qwietCiToken(label: 'handed')");
            String value = live();
            Files.writeString(file, value);
            NotYet.no = true;
            FreeStyleProject down =
                    printing(jenkins, Set.of("file", "cause").contains(how) ? "$(cat " + file + ")" : "$GIVEN");
            Cause cause =
                    how.equals("cause") ? new Cause.RemoteCause("there", "with " + value) : new Cause.UpstreamCause(up);
            ParameterValue given =
                    switch (how) {
                        case "parameter" -> new StringParameterValue("GIVEN", value);
                        case "text" -> new TextParameterValue("GIVEN", value);
                        case "password" -> new PasswordParameterValue("GIVEN", value);
                        default -> new StringParameterValue("GIVEN", "nothing");
                    };
            Objects.requireNonNull(down.scheduleBuild2(0, new CauseAction(cause), new ParametersAction(given)));
            assertThat(jenkins.jenkins.getQueue().contains(down)).isTrue();
        });
        assertThat(BuildMask.anyHidesAnything()).isFalse();
        restarted = true;
        NotYet.no = false;
        return live();
    }

    private static WorkflowRun paused(JenkinsRule jenkins, String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script + "; semaphore '" + name + "'", true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(name + "/1", run);
        return run;
    }

    private static FreeStyleProject printing(JenkinsRule jenkins, String what) throws Exception {
        FreeStyleProject down = jenkins.createFreeStyleProject("down");
        down.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        down.getBuildersList().add(new Shell("set +x; echo \"got <" + what + ">\""));
        return down;
    }

    private String live() {
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        return qwiet.organization().liveTokens().iterator().next().value();
    }
}
