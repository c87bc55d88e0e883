package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.TestExtension;

/** Qwiet answers when Jenkins has begun to stop, and before its Pipelines are: they are told nothing any more. */
class StoppingPipelinesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String RESUMED = "Resuming build";

    private static final Runnable NOTHING = () -> {};
    private static volatile Runnable whileStopping = NOTHING;

    @RegisterExtension
    private final JenkinsSessions sessions = new JenkinsSessions();

    private FakeQwiet qwiet;

    @BeforeEach
    void start() {
        qwiet = FakeQwiet.start();
    }

    @AfterEach
    void close() {
        whileStopping = NOTHING;
        qwiet.close();
    }

    /** Is told after the plugin's own listener: Jenkins goes by the names of classes. */
    @TestExtension
    public static class Stopping extends ItemListener {
        @Override
        public void onBeforeShutdown() {
            Runnable once = whileStopping;
            if (Shutdown.hasBegun()) {
                whileStopping = NOTHING;
                once.run();
            }
        }
    }

    @Test
    void aBlockBeginsAfterTheRestart() throws Throwable {
        stopWhile(Operation.CREATE, "withQwietCiToken(label: 'scan') { echo 'goes on' }");
        assertThat(endsWell()).containsSubsequence("Qwiet: created", RESUMED, "Qwiet: created", "goes on");
    }

    @Test
    void aTokenForTheRestOfTheBuildIsThereAfterTheRestart() throws Throwable {
        stopWhile(
                Operation.CREATE,
                "qwietCiToken(label: 'scan')\necho \"goes on with ${env.SHIFTLEFT_ACCESS_TOKEN != null}\"");
        assertThat(endsWell()).containsSubsequence("Qwiet: created", RESUMED, "Qwiet: created", "goes on with true");
    }

    @Test
    void whatFollowsABlockGoesOnAfterTheRestartThoughItsTokenWasJustRevoked() throws Throwable {
        stopWhile(
                Operation.DELETE,
                "withQwietCiToken(label: 'scan') { echo 'in it' }\nsemaphore 'behind'\necho 'goes on'");
        assertThat(endsWell()).containsSubsequence("in it", RESUMED, "goes on");
        assertThat(qwiet.organization().minted()).isEqualTo(1);
    }

    private void stopWhile(Operation held, String script) throws Throwable {
        sessions.then(jenkins -> {
            QwietAccount.set(qwiet);
            Hold hold = qwiet.hold(held);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition(script, true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            hold.awaitArrived(PATIENCE);
            whileStopping = () -> {
                hold.release();
                awaitFirstGone(run);
            };
        });
        assertThat(whileStopping).as("told that Jenkins stops").isSameAs(NOTHING);
    }

    /** Returns too if the Pipeline goes on, which it should not. */
    private void awaitFirstGone(WorkflowRun run) {
        await().atMost(PATIENCE)
                .until(() -> qwiet.organization().deleted() > 0
                        || run.getLog(Integer.MAX_VALUE).stream().anyMatch(line -> line.startsWith("goes on")));
    }

    private String endsWell() throws Throwable {
        String[] log = new String[1];
        sessions.then(jenkins -> {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
            SemaphoreStep.success("behind/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            log[0] = jenkins.getLog(run);
            await().atMost(PATIENCE).untilAsserted(() -> {
                JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
                assertThat(qwiet.organization().liveTokens()).isEmpty();
                assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
            });
        });
        assertThat(log[0].lines().filter(line -> line.startsWith("goes on"))).hasSize(1);
        return log[0];
    }
}
