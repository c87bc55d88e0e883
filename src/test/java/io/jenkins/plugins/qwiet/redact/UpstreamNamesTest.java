package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.Launcher;
import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.MatrixRun;
import hudson.matrix.TextAxis;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Slave;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** What a build is called, was called, and what another is called now. */
class UpstreamNamesTest extends OnJenkins {
    @TempDir
    Path files;

    private static volatile CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void asItWas() {
        goOn.countDown();
        goOn = new CountDownLatch(1);
        DurableTaskStep.USE_WATCHING = false;
    }

    private static class Pause extends TestBuilder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException {
            listener.getLogger().println("pauses");
            return goOn.await(1, TimeUnit.MINUTES);
        }
    }

    private FreeStyleProject printing(String value) throws Exception {
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        Path file = Files.writeString(files.resolve("token"), value);
        down.getBuildersList().add(new Shell("set +x; echo \"got <$(cat " + file + ")>\""));
        return down;
    }

    private void assertHidden(Run<?, ?> run, String value) throws Exception {
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("got <");
        assertThat(new Leaks(value).in(log)).as(log).isFalse();
    }

    @Test
    void hidesWhatAFreestyleBuildHoldsThatWasRenamed() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        FreeStyleProject up = folder.createProject(FreeStyleProject.class, newName());
        up.getBuildersList().add(new QwietTokenBuilder("free"));
        up.getBuildersList().add(new Pause());
        FreeStyleBuild holder = up.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("pauses", holder);
        String value = token("free").value();
        var waiting = Objects.requireNonNull(
                printing(value).scheduleBuild2(4, new CauseAction(new Cause.UpstreamCause(holder))));
        folder.renameTo(newName());
        up.renameTo(newName());
        assertThat(waiting.getStartCondition().isDone()).isFalse();

        Run<?, ?> run = jenkins.waitForCompletion(waiting.waitForStart());
        assertThat(qwiet.organization().isLive(value)).isTrue();
        goOn.countDown();
        jenkins.waitForCompletion(holder);
        assertHidden(run, value);
    }

    @Test
    void hidesWhatACellOfAMatrixHoldsThatWasMoved() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        MatrixProject up = folder.createProject(MatrixProject.class, newName());
        up.setAxes(new AxisList(new TextAxis("A", "1")));
        up.getBuildersList().add(new QwietTokenBuilder("cell"));
        up.getBuildersList().add(new Pause());
        MatrixBuild build = up.scheduleBuild2(0).waitForStart();
        await().until(() -> !build.getExactRuns().isEmpty());
        MatrixRun cell = build.getExactRuns().get(0);
        jenkins.waitForMessage("pauses", cell);
        String value = token("cell").value();
        var waiting = Objects.requireNonNull(printing(value)
                .scheduleBuild2(4, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) cell))));
        folder.renameTo(newName());
        assertThat(waiting.getStartCondition().isDone()).isFalse();

        Run<?, ?> run = jenkins.waitForCompletion(waiting.waitForStart());
        assertThat(qwiet.organization().isLive(value)).isTrue();
        goOn.countDown();
        jenkins.waitForCompletion(build);
        assertHidden(run, value);
    }

    @Test
    void noAgentIsToldWhatABuildHoldsWhoseNameAnotherHasNow() throws Exception {
        DurableTaskStep.USE_WATCHING = true;
        Slave agent = jenkins.createOnlineSlave();
        String name = newName();
        // A Pipeline goes on to write to the folder of its former name.
        FreeStyleProject first = jenkins.createProject(FreeStyleProject.class, name);
        first.getBuildersList().add(new QwietTokenBuilder("not yours"));
        first.getBuildersList().add(new Pause());
        FreeStyleBuild holder = first.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("pauses", holder);
        String value = token("not yours").value();
        first.renameTo(newName());

        FreeStyleProject second = jenkins.createProject(FreeStyleProject.class, name);
        Run<?, ?> other = jenkins.buildAndAssertSuccess(second);
        assertThat(other.getExternalizableId()).isEqualTo(name + "#1");
        String pause = newName();
        WorkflowRun down = Objects.requireNonNull(
                        job("node('" + agent.getNodeName() + "') { sh 'echo on'; semaphore '" + pause + "' }")
                                .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(other))))
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", down);
        boolean isTold = agent.getChannel().call(new HiddenByAgent(value));
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(down));
        goOn.countDown();
        jenkins.waitForCompletion(holder);
        assertThat(isTold)
                .as("agent of a build that another started is told the token")
                .isFalse();
    }

    @Test
    void hidesWhatABuildHoldsThatIsNotTheFirstOfItsName() throws Exception {
        String name = newName();
        List<Run<?, ?>> former = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
            job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'former') {}", true));
            former.add(jenkins.buildAndAssertSuccess(job));
            job.delete();
        }
        Paused holder = paused(
                jenkins.createProject(WorkflowJob.class, name), "qwietCiToken(label: 'last'); semaphore 'PAUSE'");
        assertThat(former)
                .extracting(Run::getExternalizableId)
                .containsOnly(holder.run().getExternalizableId());
        String value = token("last").value();

        Run<?, ?> run = jenkins.waitForCompletion(Objects.requireNonNull(
                        printing(value).scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(holder.run()))))
                .waitForStart());
        assertThat(qwiet.organization().isLive(value)).isTrue();
        holder.goOn(Result.SUCCESS);
        assertHidden(run, value);
    }

    @Test
    void noAgentIsToldWhatABuildHoldsThatHasTheNameOfOneBeforeTheOneBefore() throws Exception {
        DurableTaskStep.USE_WATCHING = true;
        Slave agent = jenkins.createOnlineSlave();
        String name = newName();
        WorkflowJob first = jenkins.createProject(WorkflowJob.class, name);
        Paused one = paused(first, "semaphore 'PAUSE'");
        String pauseOfMid = newName();
        WorkflowRun mid = Objects.requireNonNull(job("semaphore '" + pauseOfMid + "'")
                        .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) one.run()))))
                .waitForStart();
        SemaphoreStep.waitForStart(pauseOfMid + "/1", mid);
        first.renameTo(newName());

        WorkflowJob second = jenkins.createProject(WorkflowJob.class, name);
        Paused holder = paused(second, "qwietCiToken(label: 'of strangers'); semaphore 'PAUSE'");
        assertThat(holder.run().getExternalizableId()).isEqualTo(name + "#1");
        String value = token("of strangers").value();

        String pause = newName();
        WorkflowRun down = Objects.requireNonNull(job("node('" + agent.getNodeName() + "') { sh 'echo on'; semaphore '"
                                + pause + "' }")
                        .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) mid))))
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", down);
        boolean isTold = agent.getChannel().call(new HiddenByAgent(value));
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(down));
        SemaphoreStep.success(pauseOfMid + "/1", null);
        jenkins.waitForCompletion(mid);
        one.run().doKill();
        holder.run().doKill();
        assertThat(isTold)
                .as("agent of a build that has nothing to do with the holder is told its token")
                .isFalse();
    }

    /** As plugins do that start a build again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hidesWhatTheBuildHoldsThatStartedTheFirst(boolean renamed) throws Exception {
        Paused up = paused("qwietCiToken(label: 'again'); semaphore 'PAUSE'");
        String value = token("again").value();
        FreeStyleProject down = printing(value);
        Run<?, ?> first = jenkins.assertBuildStatusSuccess(Objects.requireNonNull(
                down.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause((Run<?, ?>) up.run())))));
        if (renamed) {
            up.run().getParent().renameTo(newName());
        }
        Run<?, ?> again = jenkins.assertBuildStatusSuccess(
                Objects.requireNonNull(down.scheduleBuild2(0, new CauseAction(first.getCauses()))));
        assertThat(qwiet.organization().isLive(value)).isTrue();
        up.run().doKill();
        jenkins.waitForCompletion(up.run());
        assertThat(JenkinsRule.getLog(first)).contains("got <****>");
        String log = JenkinsRule.getLog(again);
        assertThat(log).contains("Started by upstream project");
        assertThat(new Leaks(value).in(log)).as(log).isFalse();
    }

    /** A build that was handed a token as a parameter, by nobody among its causes, starts another one and hands it on by a file. */
    @Test
    void hidesWhatTheBuildBeforeWasHandedAsAParameter() throws Exception {
        Paused up = paused("qwietCiToken(label: 'twice'); semaphore 'PAUSE'");
        String value = token("twice").value();
        FreeStyleProject middle = jenkins.createFreeStyleProject(newName());
        middle.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        middle.getBuildersList().add(new Shell("set +x; echo \"got <$GIVEN>\""));
        Run<?, ?> between = jenkins.assertBuildStatusSuccess(Objects.requireNonNull(middle.scheduleBuild2(
                0, new Cause.UserIdCause(), new ParametersAction(new StringParameterValue("GIVEN", value)))));
        jenkins.assertLogContains("got <****>", between);
        Run<?, ?> down = jenkins.assertBuildStatusSuccess(Objects.requireNonNull(
                printing(value).scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(between)))));
        assertThat(qwiet.organization().isLive(value)).isTrue();
        up.run().doKill();
        jenkins.waitForCompletion(up.run());
        String log = JenkinsRule.getLog(down);
        assertThat(new Leaks(value).in(log)).as(log).isFalse();
    }
}
