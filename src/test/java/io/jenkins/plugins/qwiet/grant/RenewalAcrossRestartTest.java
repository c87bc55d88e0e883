package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * After a restart, and after a time without Jenkins that no token outlives, the next step gets a living token. Before the
 * restart, Jenkins lives in the past.
 */
class RenewalAcrossRestartTest {
    private static final String BLOCK = "withQwietCiToken(label: 'held', validFor: 60) { BODY }";
    private static final String REST = "qwietCiToken(label: 'held', validFor: 60)\nBODY";

    private static final String BODY = """
            semaphore 'restart'
            echo "first: ${env.SHIFTLEFT_ACCESS_TOKEN.length()}"
            node {
                sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                archiveArtifacts 'seen'
            }
            semaphore 'looked'
            node {
                sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > later'
                archiveArtifacts 'later'
            }
            semaphore 'end'
            """;

    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeClock past = new FakeClock(Instant.now());
    private final FakeQwiet qwiet = FakeQwiet.start(past);

    @AfterEach
    void close() {
        qwiet.close();
    }

    private void begin(JenkinsRule jenkins, String form, Duration ago) throws Exception {
        past.advance(ago.negated());
        JenkinsLeases.get().setTime(past);
        QwietAccount.set(qwiet);
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition(form.replace("BODY", BODY), true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        if (form.contains("input")) {
            jenkins.waitForMessage("On?", run);
        } else if (form.contains("began")) {
            await().until(() ->
                    Files.exists(jenkins.jenkins.getRootDir().toPath().resolve("began")));
        } else {
            SemaphoreStep.waitForStart("restart/1", run);
        }
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
    }

    private static WorkflowRun run(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
    }

    /** Its program is not there yet: no step of it is resumed, nor can one start. Nobody paused it. */
    private static void assertIsHeld(WorkflowRun run) {
        var execution = (CpsFlowExecution) run.getExecution();
        assertThat(execution.programPromise.isDone()).isFalse();
        assertThat(execution.isPaused()).isFalse();
    }

    private static String seen(WorkflowRun run, String name) throws Exception {
        return OnJenkins.archived(run, name);
    }

    private void end(JenkinsRule jenkins, WorkflowRun run) throws Exception {
        SemaphoreStep.success("end/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    private String newest() {
        List<FakeToken> live = qwiet.organization().liveTokens();
        return live.get(live.size() - 1).value();
    }

    private void down(Duration time) {
        past.advance(time);
    }

    @ParameterizedTest
    @CsvSource({"true, 3600", "false, 3600", "true, 45"})
    void nextStepWaitsForALivingToken(boolean block, int secondsDown) throws Throwable {
        session.then(jenkins -> begin(jenkins, block ? BLOCK : REST, Duration.ofSeconds(secondsDown)));
        down(Duration.ofSeconds(secondsDown));
        Hold hold = qwiet.hold(Operation.CREATE);
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            hold.awaitArrived(Duration.ofSeconds(30));
            SemaphoreStep.success("restart/1", null);
            assertIsHeld(run);
            jenkins.assertLogNotContains("first: ", run);
            hold.release();

            SemaphoreStep.waitForStart("looked/1", run);

            assertThat(seen(run, "seen")).isEqualTo(newest());
            jenkins.assertLogContains("Qwiet: CI token \"held\" was renewed", run);
            SemaphoreStep.success("looked/1", null);
            end(jenkins, run);
            await().untilAsserted(() ->
                    assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
        });
    }

    @Test
    void doesNotWaitForWhatLives() throws Throwable {
        session.then(jenkins -> begin(jenkins, BLOCK, Duration.ofSeconds(10)));
        down(Duration.ofSeconds(10));
        String first = newest();
        Hold hold = qwiet.hold(Operation.CREATE);
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("restart/1", null);
            SemaphoreStep.waitForStart("looked/1", run);
            hold.release();
            assertThat(seen(run, "seen")).isEqualTo(first);
            SemaphoreStep.success("looked/1", null);
            end(jenkins, run);
        });
    }

    @Test
    void anInputThatWasAskedLongAgoIsAnswered() throws Throwable {
        session.then(jenkins -> begin(jenkins, REST.replace("BODY", "input 'On?'\n" + BODY), Duration.ofHours(1)));
        down(Duration.ofHours(1));
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            run.getAction(InputAction.class).getExecutions().get(0).proceed(null);
            SemaphoreStep.success("restart/1", null);
            SemaphoreStep.waitForStart("looked/1", run);
            assertThat(seen(run, "seen")).isEqualTo(newest());
            SemaphoreStep.success("looked/1", null);
            end(jenkins, run);
        });
    }

    @Test
    void theProcessAfterOneThatOutlivedTheRestartGetsALivingToken() throws Throwable {
        String process =
                "node { sh 'touch \"$JENKINS_HOME/began\"; while [ ! -e \"$JENKINS_HOME/go\" ]; do sleep 0.2; done' }\n";
        session.then(jenkins -> begin(jenkins, BLOCK.replace("BODY", process + BODY), Duration.ofHours(1)));
        down(Duration.ofHours(1));
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            Files.createFile(jenkins.jenkins.getRootDir().toPath().resolve("go"));
            SemaphoreStep.success("restart/1", null);
            SemaphoreStep.waitForStart("looked/1", run);
            assertThat(seen(run, "seen")).isEqualTo(newest());
            SemaphoreStep.success("looked/1", null);
            end(jenkins, run);
        });
    }

    @Test
    void aJenkinsThatDiesMeanwhileLeavesThePipelineAsItWas() throws Throwable {
        Path killed = Files.createTempDirectory("killed");
        session.then(jenkins -> begin(jenkins, BLOCK, Duration.ofHours(1)));
        down(Duration.ofHours(1));
        Hold hold = qwiet.hold(Operation.CREATE);
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            hold.awaitArrived(Duration.ofSeconds(30));
            assertIsHeld(run);
            FileUtils.copyDirectory(session.getHome(), killed.toFile());
            hold.release();
        });
        FileUtils.deleteDirectory(session.getHome());
        FileUtils.moveDirectory(killed.toFile(), session.getHome());
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("restart/1", null);
            SemaphoreStep.waitForStart("looked/1", run);
            assertThat(seen(run, "seen")).isEqualTo(newest());
            SemaphoreStep.success("looked/1", null);
            SemaphoreStep.success("end/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        });
    }

    @Test
    void whoAbortsItMeanwhileNeedNotWaitForQwiet() throws Throwable {
        session.then(jenkins -> begin(jenkins, BLOCK, Duration.ofHours(1)));
        down(Duration.ofHours(1));
        Hold hold = qwiet.hold(Operation.CREATE);
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            hold.awaitArrived(Duration.ofSeconds(30));
            run.getExecution().interrupt(Result.ABORTED);
            // Not half a minute, as long as it would wait for Qwiet.
            await().until(() -> !run.isBuilding());
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
            jenkins.assertLogNotContains("first: ", run);
            hold.release();
        });
    }

    @Test
    void goesOnThoughQwietIsOutAndThenGetsALivingToken() throws Throwable {
        session.then(jenkins -> begin(jenkins, BLOCK, Duration.ofHours(1)));
        down(Duration.ofHours(1));
        qwiet.faultAlways(Fault.unavailable(Operation.CREATE, null));
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("restart/1", null);
            SemaphoreStep.waitForStart("looked/1", run);
            assertThat(qwiet.organization().minted()).isEqualTo(1);
            // Of this token Qwiet names an end that cannot be read.
            jenkins.assertLogContains("may no longer be valid. Its expiry is not known.", run);

            qwiet.clearFaults();
            jenkins.waitForMessage("Qwiet: CI token \"held\" was renewed", run);
            SemaphoreStep.success("looked/1", null);
            SemaphoreStep.waitForStart("end/1", run);

            assertThat(seen(run, "later"))
                    .isNotEqualTo(seen(run, "seen"))
                    .isEqualTo(qwiet.organization().liveTokens().get(0).value());
            end(jenkins, run);
        });
    }

    @Test
    void whatSomebodyPausedStaysPausedAndFindsALivingToken() throws Throwable {
        session.then(jenkins -> {
            begin(jenkins, BLOCK, Duration.ofHours(1));
            ((CpsFlowExecution) run(jenkins).getExecution()).pause(true);
            jenkins.waitForMessage("Pausing", run(jenkins));
        });
        down(Duration.ofHours(1));
        session.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            SemaphoreStep.success("restart/1", null);
            jenkins.waitForMessage("Qwiet: CI token \"held\" was renewed", run);
            assertThat(((CpsFlowExecution) run.getExecution()).isPaused()).isTrue();
            jenkins.assertLogNotContains("first: ", run);

            ((CpsFlowExecution) run.getExecution()).pause(false);
            SemaphoreStep.waitForStart("looked/1", run);
            assertThat(seen(run, "seen"))
                    .isEqualTo(qwiet.organization().liveTokens().get(0).value());
            SemaphoreStep.success("looked/1", null);
            end(jenkins, run);
        });
    }
}
