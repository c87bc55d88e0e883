package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token is renewed while it waits to be bound for the rest of the build, as another branch computes for a while. */
class RenewedWhileBoundTest extends OnOneClock {
    private static volatile CountDownLatch reached;
    private static volatile CountDownLatch goOn;

    /** On Pipeline's one thread. */
    public static void compute() throws InterruptedException {
        reached.countDown();
        goOn.await();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not at all", "before it is bound", "asked for before, answered afterwards"})
    void laterStepsSeeALivingToken(String renewed) throws Exception {
        reached = new CountDownLatch(1);
        goOn = new CountDownLatch(1);
        String pause = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(
                """
                node {
                parallel one: { qwietCiToken(label: 'line', validFor: 60) }, two: { CLASS.compute() }
                semaphore 'PAUSE'
                sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                archiveArtifacts 'seen'
                semaphore 'PAUSE'
                }
                """.replace("PAUSE", pause).replace("CLASS", getClass().getName()), false));
        Hold first = qwiet.hold(Operation.CREATE);
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        first.awaitArrived(Duration.ofSeconds(60));
        reached.await();
        first.release();
        await().until(() -> !tokens(run).isEmpty());
        Hold second = null;
        if (renewed.equals("before it is bound")) {
            passEachSecond(45);
            assertThat(tokens(run)).hasSizeGreaterThan(1);
        } else if (!renewed.equals("not at all")) {
            second = qwiet.hold(Operation.CREATE);
            pass(Duration.ofSeconds(45));
            second.awaitArrived(Duration.ofSeconds(20));
        }

        goOn.countDown();
        SemaphoreStep.waitForStart(pause + "/1", run);
        if (second != null) {
            second.release();
            await().until(() -> tokens(run).stream().anyMatch(each -> each.number() == 2 && each.isCurrent()));
        }
        passEachSecond(50);
        SemaphoreStep.success(pause + "/1", null);
        SemaphoreStep.waitForStart(pause + "/2", run);

        assertThat(qwiet.organization().isLive(archived(run, "seen"))).isTrue();
        SemaphoreStep.success(pause + "/2", null);
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
    }

    private static List<TokenRecord> tokens(WorkflowRun run) {
        return BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of());
    }
}
