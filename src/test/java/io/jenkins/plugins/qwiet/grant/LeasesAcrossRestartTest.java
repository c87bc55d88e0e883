package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.AbortException;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DisableResumeJobProperty;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A restart ends the tokens of the builds that it ends, and those alone. */
class LeasesAcrossRestartTest {
    private static final String SCRIPT = """
            qwietCiToken(label: 'rest')
            withQwietCiToken(label: 'block', variable: 'BLOCK') {
                semaphore 'restart'
                echo "block=${env.BLOCK != null} rest=${env.SHIFTLEFT_ACCESS_TOKEN != null}"
            }
            """;

    /** Why a Pipeline cannot go on after a restart. */
    enum Hindrance {
        RESUME_DISABLED,
        PROGRAM_LOST
    }

    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    /** Holds up the thread that runs a Pipeline, and saves it. */
    public static final class Gate {
        private static final Gate B = new Gate();
        private static final Gate BLOCK = new Gate();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        /** Called by a script, once; later callers pass. */
        public static void pass(String name) throws InterruptedException {
            Gate gate = name.equals("b") ? B : BLOCK;
            gate.reached.countDown();
            gate.open.await(1, TimeUnit.MINUTES);
        }
    }

    /**
     * Branch b saves the Pipeline after the token for branch a was made, and before its block begins; and in the block
     * Jenkins dies.
     */
    @Test
    void aPipelineThatWasKilledWhileItTookATokenOverGoesOn() throws Throwable {
        Path killed = Files.createTempDirectory("killed");
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            Hold hold = qwiet.hold(Operation.CREATE);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition(
                    "import io.jenkins.plugins.qwiet.grant.LeasesAcrossRestartTest.Gate\n"
                            + "parallel a: { withQwietCiToken(label: 'a') { Gate.pass('block'); echo 'in the block' } },"
                            + " b: { semaphore 'b'; Gate.pass('b'); semaphore 'saved' }",
                    false));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            hold.awaitArrived(Duration.ofSeconds(30));
            SemaphoreStep.success("b/1", null);
            Gate.B.reached.await();
            hold.release();
            jenkins.waitForMessage("Qwiet: created", run);
            Gate.B.open.countDown();
            Gate.BLOCK.reached.await();
            FileUtils.copyDirectory(session.getHome(), killed.toFile());

            Gate.BLOCK.open.countDown();
            SemaphoreStep.success("saved/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        });
        FileUtils.deleteDirectory(session.getHome());
        FileUtils.moveDirectory(killed.toFile(), session.getHome());
        session.then(jenkins -> {
            SemaphoreStep.success("saved/1", null);
            WorkflowRun run = again(jenkins);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("in the block", run);
            await().untilAsserted(() -> assertThat(live()).isEmpty());
            await().untilAsserted(() ->
                    assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
        });
    }

    private List<String> live() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::label).toList();
    }

    private WorkflowRun begin(JenkinsRule jenkins, WorkflowJob job) throws Exception {
        QwietAccount.set(qwiet);
        job.setDefinition(new CpsFlowDefinition(SCRIPT, true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("restart/1", run);
        assertThat(live()).containsExactly("rest", "block");
        return run;
    }

    private static String leases() {
        try {
            return JenkinsLeases.get().leasing().store().leases().toString();
        } catch (AbortException e) {
            return e.getMessage();
        }
    }

    private static WorkflowRun again(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    void aPipelineThatGoesOnKeepsItsTokens() throws Throwable {
        session.then(jenkins -> begin(jenkins, jenkins.createProject(WorkflowJob.class, "shop")));
        session.then(jenkins -> {
            // That of the start, or one right after it.
            JenkinsLeases.get().janitor().sweep().get();
            await().until(() -> JenkinsLeases.get().janitor().last().isPresent());
            assertThat(live()).containsExactly("rest", "block");

            WorkflowRun run = again(jenkins);
            SemaphoreStep.success("restart/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("block=true rest=true", run);
            await().untilAsserted(() -> assertThat(live()).isEmpty());
            await().untilAsserted(() ->
                    assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPipelineThatCannotGoOnIsOver(Hindrance hindrance) throws Throwable {
        session.then(jenkins -> {
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            if (hindrance == Hindrance.RESUME_DISABLED) {
                job.addProperty(new DisableResumeJobProperty());
            }
            begin(jenkins, job);
        });
        if (hindrance == Hindrance.PROGRAM_LOST) {
            Files.delete(session.getHome().toPath().resolve("jobs/shop/builds/1/program.dat"));
        }
        session.then(jenkins -> {
            await().until(() -> !again(jenkins).isBuilding());
            // More than once: the first may join a pass that began before the build was over.
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                var did = JenkinsLeases.get().janitor().sweep().get();
                assertThat(live())
                        .as(() -> did + ", " + JenkinsLeases.get().clock().instant() + ": " + leases())
                        .isEmpty();
            });
            await().untilAsserted(() ->
                    assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
            WorkflowRun run = again(jenkins);
            // Which of them depends on whether Jenkins got round to ending it before it went down.
            assertThat(run.getResult()).isIn(Result.FAILURE, Result.ABORTED);
            await().untilAsserted(() -> assertThat(
                            run.getAction(BuildTokens.class).getTokens())
                    .allSatisfy(token -> {
                        assertThat(token.revokedAt()).isNotNull();
                        assertThat(token.value()).isNull();
                    }));
        });
    }
}
