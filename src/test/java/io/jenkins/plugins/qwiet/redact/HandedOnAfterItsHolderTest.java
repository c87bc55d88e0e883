package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Label;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.PasswordParameterValue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.queue.QueueTaskFuture;
import hudson.tasks.BuildTrigger;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
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

/** A build that was given a token hands it on when its holder is over, and the token is good. */
class HandedOnAfterItsHolderTest extends OnJenkins {
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

    @ParameterizedTest
    @CsvSource({"outage, parameter", "outage, file", "revoking is off, parameter", "revoking is off, file"})
    void aBuildHidesItThatIsStartedByOneThatWasGivenIt(String why, String how) throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        Given second = given(up.run(), value);
        end(up, why);

        Run<?, ?> third = jenkins.waitForCompletion((Run<?, ?>)
                schedule(printing(how, value), second.run(), handed(how, value)).waitForStart());

        Leaks.assertHidden(second.goOn(), value, qwiet);
        Leaks.assertHidden(third, value, qwiet);
    }

    /** In the log of a build that goes on when the one is over that started it, and in the logs of those that this one starts. */
    @ParameterizedTest
    @ValueSource(strings = {"outage", "revoking is off"})
    void aBuildHidesItThatOutlivesItsHolder(String why) throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        Path goOn = files.resolve("goOn");
        FreeStyleProject second = printingWhen(goOn, value);
        Run<?, ?> between = (Run<?, ?>) schedule(second, up.run(), "nothing").waitForStart();
        end(up, why);
        Run<?, ?> third = jenkins.waitForCompletion((Run<?, ?>)
                schedule(printing("file", value), between, "nothing").waitForStart());
        Files.createFile(goOn);
        jenkins.waitForCompletion(between);

        Leaks.assertHidden(between, value, qwiet);
        Leaks.assertHidden(third, value, qwiet);
        assertThat(BuildMask.anyReveals(value)).isFalse();
        assertThat(Files.readString(between.getRootDir().toPath().resolve("build.xml")))
                .doesNotContain("GivenTokens");
    }

    /** Its holder may be over before it begins. */
    @Test
    void aBuildHidesItThatWaitedWhileItsHolderEnded() throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        FreeStyleProject second = printing("file", value);
        second.setAssignedLabel(Label.get("no-such-agent"));
        QueueTaskFuture<?> scheduled = schedule(second, up.run(), "nothing");
        end(up, "outage");
        second.setAssignedLabel(null);

        Leaks.assertHidden(jenkins.waitForCompletion((Run<?, ?>) scheduled.waitForStart()), value, qwiet);
    }

    /** Most are: what is gone need not be hidden, and nothing is kept with others' builds. */
    @Test
    void whatWasRevokedIsLeftToNobody() throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        Path goOn = files.resolve("goOn");
        Run<?, ?> second = (Run<?, ?>)
                schedule(printingWhen(goOn, value), up.run(), "nothing").waitForStart();

        up.goOn(Result.SUCCESS);

        assertThat(BuildMask.anyReveals(value)).isFalse();
        assertThat(second.getAction(GivenTokens.class)).isNull();
        Files.createFile(goOn);
        jenkins.waitForCompletion(second);
    }

    private FreeStyleProject printingWhen(Path goOn, String value) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        job.getBuildersList().add(new Shell("while [ ! -e '" + goOn + "' ]; do sleep 0.1; done"));
        job.getBuildersList().addAll(printing("file", value).getBuildersList());
        return job;
    }

    /** Jenkins starts those when the build is as good as over. */
    @Test
    void aBuildHidesItThatIsStartedAtTheEndOfOneThatWasGivenIt() throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        Path goOn = files.resolve("goOn");
        FreeStyleProject second = printing("parameter", value);
        second.getBuildersList().add(new Shell("while [ ! -e '" + goOn + "' ]; do sleep 0.1; done"));
        FreeStyleProject third = printing("file", value);
        second.getPublishersList().add(new BuildTrigger(third.getName(), Result.SUCCESS));
        jenkins.jenkins.rebuildDependencyGraph();
        QueueTaskFuture<?> scheduled = schedule(second, up.run(), value);
        Run<?, ?> between = (Run<?, ?>) scheduled.waitForStart();
        end(up, "outage");
        Files.createFile(goOn);

        jenkins.waitForCompletion(between);
        jenkins.waitUntilNoActivity();

        Leaks.assertHidden(between, value, qwiet);
        Leaks.assertHidden(Objects.requireNonNull(third.getLastBuild()), value, qwiet);
    }

    /** Nothing is kept of it, or each later build of any job would be compared with it. */
    @Test
    void whatABuildWasGivenIsAskedForNoLongerThanThatRuns() throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        Given second = given(up.run(), value);
        end(up, "outage");
        assertThat(BuildMask.anyReveals(value)).isTrue();

        second.goOn();

        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    /** The other one gets the same parameters, whoever is over by then. */
    @ParameterizedTest
    @CsvSource({
        "outage, ''",
        "outage, 'Bearer '",
        "revoking is off, ''",
        "revoking is off, 'Bearer '",
        "its holder is on, ''",
    })
    void aBuildHidesItThatReplaysOneThatWasGivenIt(String why, String before) throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        Given second = given(up.run(), before + value);
        WorkflowRun given = second.goOn();
        if (!why.equals("its holder is on")) {
            end(up, why);
        }

        Run<?, ?> replay = (Run<?, ?>) given.getAction(ReplayAction.class)
                .run("echo \"got <${params.GIVEN.substring(" + before.length() + ")}>\"", Map.of())
                .get();

        Leaks.assertHidden(replay, value, qwiet);
        if (why.equals("its holder is on")) {
            up.goOn(Result.SUCCESS);
        }
        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "outage, string",
        "outage, password",
        "revoking is off, string",
        "its holder is on, string",
        "its holder is on, password",
    })
    void aBuildHidesItThatIsRestartedFromAStage(String why, String kind) throws Exception {
        Paused up = holder();
        String value = token("handed").value();
        WorkflowJob job = job("""
                pipeline {
                    agent any
                    parameters { KIND(name: 'GIVEN', defaultValue: '') }
                    stages {
                        stage('one') { steps { echo "one <${params.GIVEN}>" } }
                        stage('two') { steps { sh 'set +x; echo "got <$GIVEN>"' } }
                    }
                }""".replace("KIND", kind));
        boolean isPassword = kind.equals("password");
        job.addProperty(new ParametersDefinitionProperty(
                isPassword
                        ? new PasswordParameterDefinition("GIVEN", "", "")
                        : new StringParameterDefinition("GIVEN", "")));
        ParameterValue parameter =
                isPassword ? new PasswordParameterValue("GIVEN", value) : new StringParameterValue("GIVEN", value);
        WorkflowRun given = jenkins.assertBuildStatusSuccess(
                (WorkflowRun) schedule(job, up.run(), parameter).get());
        Leaks.assertHidden(given, value, qwiet);
        if (!why.equals("its holder is on")) {
            end(up, why);
        }

        Run<?, ?> again = (Run<?, ?>) given.getAction(RestartDeclarativePipelineAction.class)
                .run("two")
                .getFuture()
                .get();

        Leaks.assertHidden(again, value, qwiet);
        if (why.equals("its holder is on")) {
            up.goOn(Result.SUCCESS);
        }
        assertThat(BuildMask.anyReveals(value)).isFalse();
    }

    private record Given(WorkflowRun run, String pause) {
        WorkflowRun goOn() throws Exception {
            SemaphoreStep.success(pause + "/1", null);
            return jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }

    private static Paused holder() throws Exception {
        return paused("qwietCiToken(label: 'handed'); semaphore 'PAUSE'");
    }

    private void end(Paused holder, String why) throws Exception {
        if (why.equals("outage")) {
            qwiet.faultAlways(Fault.unavailable(Operation.DELETE, null));
        } else {
            QwietConfiguration.get().setRevokeAtEnd(false);
        }
        holder.goOn(Result.SUCCESS);
    }

    /** A build of a Pipeline that was given the token by its holder. */
    private static Given given(Run<?, ?> holder, String value) throws Exception {
        String pause = newName();
        WorkflowJob job = job("echo \"got <${params.GIVEN}>\"; semaphore '" + pause + "'");
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        WorkflowRun run = (WorkflowRun) schedule(job, holder, value).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        return new Given(run, pause);
    }

    private FreeStyleProject printing(String how, String value) throws Exception {
        Path file = Files.writeString(files.resolve("token"), value);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("GIVEN", "")));
        String printed = how.equals("file") ? "$(cat '" + file + "')" : "$GIVEN";
        job.getBuildersList().add(new Shell("set +x; echo \"got <" + printed + ">\""));
        return job;
    }

    private static String handed(String how, String value) {
        return how.equals("parameter") ? value : "nothing";
    }

    private static QueueTaskFuture<?> schedule(Job<?, ?> job, Run<?, ?> by, String given) {
        return schedule(job, by, new StringParameterValue("GIVEN", given));
    }

    private static QueueTaskFuture<?> schedule(Job<?, ?> job, Run<?, ?> by, ParameterValue given) {
        return Objects.requireNonNull(ParameterizedJobMixIn.scheduleBuild2(
                        job, 0, new CauseAction(new Cause.UpstreamCause(by)), new ParametersAction(given))
                .getFuture());
    }
}
