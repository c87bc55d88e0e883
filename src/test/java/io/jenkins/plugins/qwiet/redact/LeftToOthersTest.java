package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.matrix.AxisList;
import hudson.matrix.MatrixBuild;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.model.AbstractProject;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import hudson.model.queue.QueueTaskFuture;
import hudson.tasks.BuildTrigger;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestExtension;

/** Qwiet is out when the holder ends; builds that it started are on, in other shapes than freestyle. */
class LeftToOthersTest extends OnJenkins {
    @TempDir
    Path files;

    @BeforeEach
    void tokensLive() {
        tokensMayStay = true;
    }

    @AfterEach
    void asItWas() {
        qwiet.clearFaults();
        QwietConfiguration.get().setRevokeAtEnd(true);
    }

    private void out() {
        qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
    }

    private String cat(String value) throws Exception {
        Path file = Files.writeString(files.resolve("token"), value);
        return "set +x; echo \"got <$(cat '" + file + "')>\"";
    }

    /** A token of a block that is over; nobody could revoke it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'handed') { semaphore 'PAUSE' }",
                "withCredentials([qwietAccessToken(label: 'handed', credentialsId: 'sa')]) { semaphore 'PAUSE' }",
                "qwietCiToken(label: 'handed'); semaphore 'PAUSE'"
            })
    void aPipelineHidesIt(String how) throws Exception {
        Paused up = paused(how);
        String value = token("handed").value();
        String pause = newName();
        WorkflowJob down = job("semaphore '" + pause + "'; node { sh '''" + cat(value) + "''' }");
        WorkflowRun run = (WorkflowRun)
                Objects.requireNonNull(down.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(up.run()))))
                        .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        out();
        up.goOn(Result.SUCCESS);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        Leaks.assertHidden(run, value, qwiet);
        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    @Test
    void aMatrixHidesItWhoseCellsBeginAfterwards() throws Exception {
        Paused up = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        MatrixProject down = jenkins.createProject(MatrixProject.class, newName());
        down.setAxes(new AxisList(new TextAxis("PART", "one", "two")));
        down.getBuildersList().add(new Shell(cat(value)));
        down.setAssignedLabel(Label.get("no-such-agent"));
        QueueTaskFuture<MatrixBuild> scheduled = down.scheduleBuild2(0, new Cause.UpstreamCause(up.run()));
        out();
        up.goOn(Result.SUCCESS);
        down.setAssignedLabel(null);
        MatrixBuild build = scheduled.get();
        for (Run<?, ?> cell : build.getExactRuns()) {
            Leaks.assertHidden(cell, value, qwiet);
        }
        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    /** Each started the next and is over before; the last one is on when the first one ends. */
    @Test
    void theLastOfAChainHidesItWhoseMiddleIsOver() throws Exception {
        Paused up = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        FreeStyleProject middle = jenkins.createFreeStyleProject(newName());
        Run<?, ?> two =
                middle.scheduleBuild2(0, new Cause.UpstreamCause(up.run())).waitForStart();
        Path goOn = files.resolve("goOn");
        FreeStyleProject last = jenkins.createFreeStyleProject(newName());
        last.getBuildersList().add(new Shell("while [ ! -e '" + goOn + "' ]; do sleep 0.1; done"));
        last.getBuildersList().add(new Shell(cat(value)));
        Run<?, ?> three = last.scheduleBuild2(0, new Cause.UpstreamCause(two)).waitForStart();
        jenkins.waitForCompletion(two);
        out();
        up.goOn(Result.SUCCESS);
        Files.createFile(goOn);
        jenkins.waitForCompletion(three);
        Leaks.assertHidden(three, value, qwiet);
        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    /** It has left the queue, and other plugins look at it before it prints. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBuildThatIsJustBeginningHidesIt(boolean pipeline) throws Exception {
        Paused up = paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
        String value = token("handed").value();
        String shell = cat(value);
        QueueTaskFuture<?> scheduled;
        String name = newName();
        Slow.lookAt(name);
        if (pipeline) {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
            job.setDefinition(new CpsFlowDefinition("node { sh '''" + shell + "''' }", true));
            scheduled = job.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(up.run())));
        } else {
            FreeStyleProject job = jenkins.createFreeStyleProject(name);
            job.getBuildersList().add(new Shell(shell));
            scheduled = job.scheduleBuild2(0, new Cause.UpstreamCause(up.run()));
        }
        assertThat(Slow.looks.await(1, TimeUnit.MINUTES)).isTrue();
        out();
        up.goOn(Result.SUCCESS);
        // A Pipeline says that it is over before its record is.
        await().until(() -> !BuildMask.anyReveals(value));
        Slow.goOn.countDown();

        Leaks.assertHidden((Run<?, ?>) scheduled.get(), value, qwiet);
        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    @TestExtension
    public static class Slow extends RunListener<Run<?, ?>> {
        private static volatile String name;
        private static volatile CountDownLatch looks;
        private static volatile CountDownLatch goOn;

        static void lookAt(String job) {
            looks = new CountDownLatch(1);
            goOn = new CountDownLatch(1);
            name = job;
        }

        @Override
        public void onInitialize(Run<?, ?> run) {
            if (run.getParent().getName().equals(name)) {
                looks.countDown();
                try {
                    goOn.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** The cell of a matrix holds the token; what the whole one starts is started by that. A freestyle job's is hidden. */
    @ParameterizedTest
    @CsvSource({"freestyle, outage", "freestyle, revoking is off", "matrix, outage", "matrix, revoking is off"})
    void aBuildHidesWhatWasHeldInTheJobThatStartedIt(String kind, String why) throws Exception {
        AbstractProject<?, ?> up;
        var token = new QwietTokenBuilder("cell");
        Path file = files.resolve("token");
        var shell = new Shell("printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > '" + file + "'");
        if (kind.equals("matrix")) {
            MatrixProject matrix = jenkins.createProject(MatrixProject.class, newName());
            matrix.setAxes(new AxisList(new TextAxis("PART", "one")));
            matrix.getBuildersList().add(token);
            matrix.getBuildersList().add(shell);
            up = matrix;
        } else {
            FreeStyleProject freestyle = jenkins.createFreeStyleProject(newName());
            freestyle.getBuildersList().add(token);
            freestyle.getBuildersList().add(shell);
            up = freestyle;
        }
        FreeStyleProject down = jenkins.createFreeStyleProject(newName());
        down.getBuildersList().add(new Shell("set +x; echo \"got <$(cat '" + file + "')>\""));
        up.getPublishersList().add(new BuildTrigger(down.getName(), Result.SUCCESS));
        jenkins.jenkins.rebuildDependencyGraph();
        if (why.equals("outage")) {
            out();
        } else {
            QwietConfiguration.get().setRevokeAtEnd(false);
        }
        jenkins.assertBuildStatusSuccess(up.scheduleBuild2(0));
        jenkins.waitUntilNoActivity();
        String value = Files.readString(file);
        assertThat(qwiet.organization().liveTokens())
                .extracting(each -> each.value())
                .contains(value);
        Leaks.assertHidden(Objects.requireNonNull(down.getLastBuild()), value, qwiet);
    }
}
