package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

/** A {@code qwietCiToken} that is aborted while its token is being bound. */
class AbortedWhileBoundTest extends OnOneClock {
    private static final String SCRIPT = """
            node {
              BEFORE
              semaphore 'PAUSE'
              try { timeout(60) { qwietCiToken(label: 'second'); echo 'not stopped' } }
              catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) { echo 'caught' }
              semaphore 'PAUSE'
              sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
              archiveArtifacts 'seen'
              env.DONE = 'yes'
            }
            """;

    /** Goes on until the step that asks for the second token is aborted, just now that it is bound. */
    private static void abort(Paused build, Callable<Void> answered) throws Exception {
        WorkflowRun run = build.run();
        BuildTokens tokens = BuildTokens.of(run).orElseThrow();
        var once = new AtomicBoolean();
        var disk = new SaveableListener() {
            @Override
            public void onChange(Saveable saved, XmlFile file) {
                boolean isBound = saved == run
                        && tokens.getTokens().stream()
                                .anyMatch(token -> token.label().equals("second") && token.isSeen());
                if (isBound && CpsThread.current() == null && once.compareAndSet(false, true)) {
                    // Just now, while the build is saved, its time is over: as timeout does.
                    stop(run, answered);
                }
            }
        };
        SaveableListener.all().add(0, disk);
        try {
            SemaphoreStep.success(build.pause() + "/1", null);
            jenkins.waitForMessage("caught", run);
        } finally {
            SaveableListener.all().remove(disk);
        }
        assertThat(once).isTrue();
        SemaphoreStep.waitForStart(build.pause() + "/2", run);
        await().until(() -> tokens.getTokens().stream()
                .noneMatch(token -> token.label().equals("second") && token.value() != null));
    }

    private static void stop(WorkflowRun run, Callable<Void> answered) {
        try {
            answered.call();
            for (StepExecution step :
                    run.getExecution().getCurrentExecutions(true).get(20, TimeUnit.SECONDS)) {
                if (step.getClass().getName().contains("QwietCiTokenStep")) {
                    step.stop(new FlowInterruptedException(Result.ABORTED));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What steps see afterwards. */
    private static String seen(Paused build) throws Exception {
        SemaphoreStep.success(build.pause() + "/2", null);
        WorkflowRun run = jenkins.waitForCompletion(build.run());
        jenkins.assertLogNotContains("not stopped", run);
        return archived(run, "seen");
    }

    private List<String> living() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
    }

    /** The step was stopped: the token that was there before it is still there. */
    @Test
    void anAbortedStepTakesTheBuildsTokenNotAway() throws Exception {
        Paused build = paused(SCRIPT.replace("BEFORE", "qwietCiToken(label: 'first')"));
        abort(build, () -> null);
        List<String> living = living();
        assertThat(seen(build)).isEqualTo(valueOf("first")).isIn(living);
    }

    /** That is being renewed: Qwiet answers both at once, and the successor is known before the step is aborted. */
    @Test
    void norTheOneThatIsBeingRenewed() throws Exception {
        Paused build = paused(SCRIPT.replace("BEFORE", "qwietCiToken(label: 'first', validFor: 600)"));
        BuildTokens tokens = BuildTokens.of(build.run()).orElseThrow();
        Hold hold = qwiet.hold(Operation.CREATE);
        pass(Duration.ofSeconds(401));
        hold.awaitArrived(Duration.ofSeconds(20));
        SemaphoreStep.success(build.pause() + "/1", null);
        hold.awaitArrived(Duration.ofSeconds(20));
        hold.release();
        abort(build, () -> {
            await().until(() -> tokens.getTokens().stream()
                    .anyMatch(token -> token.label().equals("first") && token.number() == 2));
            return null;
        });
        passEachSecond(3);
        List<String> living = living();
        assertThat(seen(build)).isIn(living);
    }

    /** All is as before: what another token took the place of, long before, stays away. */
    @Test
    void norBringsItOneBackThatWasNotThere() throws Exception {
        Paused build = paused(
                "parallel two: { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' } }, one: {\n"
                        + SCRIPT.replace("BEFORE", "qwietCiToken(label: 'earlier')\nqwietCiToken(label: 'first')")
                        + "}");
        GoneTokensTest.recall(build.run(), "first");
        abort(build, () -> null);
        assertThat(seen(build)).isEmpty();
    }
}
