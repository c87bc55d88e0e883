package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A {@code qwietCiToken} that is aborted while its token is being bound. */
class AbortedWhileBoundTest extends OnJenkins {
    /** The step was stopped: the token that was there before it is still there. */
    @Test
    void anAbortedStepTakesTheBuildsTokenNotAway() throws Exception {
        Paused build = paused("""
                node {
                  qwietCiToken(label: 'first')
                  semaphore 'PAUSE'
                  try { timeout(60) { qwietCiToken(label: 'second') ; echo 'not stopped' } }
                  catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) { echo 'caught' }
                  semaphore 'PAUSE'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  archiveArtifacts 'seen'
                }
                """);
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
                    stop(run);
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
        await().until(() -> qwiet.organization().liveTokens().stream()
                .noneMatch(token -> token.label().equals("second")));
        List<String> live = qwiet.organization().liveTokens().stream()
                .map(token -> token.label())
                .toList();
        SemaphoreStep.success(build.pause() + "/2", null);
        jenkins.waitForCompletion(run);
        String log = JenkinsRule.getLog(run);
        assertThat(log).doesNotContain("not stopped");
        assertThat(live).as(log).contains("first");
        assertThat(archived(run, "seen")).as(log).isEqualTo(valueOf("first"));
    }

    private static void stop(WorkflowRun run) {
        try {
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
}
