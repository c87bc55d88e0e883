package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jenkinsci.plugins.workflow.cps.CpsThread;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What a {@code qwietCiToken} leaves that is stopped while it is bound: all is as before. */
class StoppedBindingsTest extends OnJenkins {
    private static final String STOPPED = """
            semaphore 'PAUSE'
            try { timeout(60) { qwietCiToken(label: 'second' MORE) ; echo 'not stopped' } }
            catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) { echo 'caught' }
            semaphore 'PAUSE'
            sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
            archiveArtifacts 'seen'
            """;

    private FakeOrganization other;

    @BeforeEach
    void twoOrganizations() throws Exception {
        other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
    }

    @AfterEach
    void noTokenIsLeftThere() {
        await().untilAsserted(() -> assertThat(other.liveTokens()).isEmpty());
    }

    private WorkflowRun stopped(String form, String more) throws Exception {
        Paused build =
                paused(form.replace("STOPPED", STOPPED.replace("MORE", more)).replace("OTHER", other.id()));
        WorkflowRun run = build.run();
        var once = new AtomicBoolean();
        var disk = new SaveableListener() {
            @Override
            public void onChange(Saveable saved, XmlFile file) {
                boolean isBound = saved == run
                        && BuildTokens.of(run).stream()
                                .flatMap(tokens -> tokens.getTokens().stream())
                                .anyMatch(token -> token.label().equals("second") && token.isSeen());
                if (isBound && CpsThread.current() == null && once.compareAndSet(false, true)) {
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
        await().until(() -> BuildTokens.of(run).orElseThrow().getTokens().stream()
                .noneMatch(token -> token.label().equals("second") && token.value() != null));
        SemaphoreStep.success(build.pause() + "/2", null);
        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
        assertThat(JenkinsRule.getLog(run)).doesNotContain("not stopped");
        return run;
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

    /** The block's own token goes on being the innermost. */
    @Test
    void theBlockKeepsItsToken() throws Exception {
        WorkflowRun run = stopped("""
                node {
                  qwietCiToken(label: 'rest', credentialsId: 'other', orgId: 'OTHER')
                  withQwietCiToken(label: 'block') {
                    STOPPED
                  }
                }
                """, "");
        assertThat(archived(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo(valueOf("block"));
    }

    /** What the user has set stays when the first token of the build never came about. */
    @Test
    void whatStoodThereBeforeIsThereAgain() throws Exception {
        WorkflowRun run = stopped("""
                node {
                  withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine']) {
                    STOPPED
                  }
                }
                """, "");
        assertThat(archived(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo("mine");
    }

    /** Rule 2: what the script set in the block, after its token. */
    @Test
    void whatTheScriptSetInTheBlockStays() throws Exception {
        WorkflowRun run = stopped("""
                node {
                  withQwietCiToken(label: 'block') {
                    env.SHIFTLEFT_ACCESS_TOKEN = 'mine'
                    STOPPED
                  }
                }
                """, "");
        assertThat(archived(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo("mine");
    }

    /** The first was there all the time: nothing stands in for the second. */
    @Test
    void theLogDoesNotSayThatAnotherStandsIn() throws Exception {
        WorkflowRun run = stopped("""
                node {
                  qwietCiToken(label: 'first')
                  STOPPED
                }
                """, ", credentialsId: 'other', orgId: 'OTHER'");
        assertThat(archived(run, "seen")).isEqualTo(valueOf("first"));
        assertThat(JenkinsRule.getLog(run).lines())
                .as(JenkinsRule.getLog(run))
                .noneMatch(line -> line.contains("holds CI token \"first\""));
    }
}
