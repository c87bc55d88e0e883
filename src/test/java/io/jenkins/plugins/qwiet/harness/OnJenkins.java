package io.jenkins.plugins.qwiet.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;

/** Tests of builds in a Jenkins {@linkplain WithQwiet that knows a stand-in for Qwiet}, which leave no live token there. */
public abstract class OnJenkins extends WithQwiet {
    /** For tests in which tokens are left to expire. */
    protected boolean tokensMayStay;

    @AfterEach
    final void noTokenIsLeft() {
        if (!tokensMayStay) {
            await().untilAsserted(
                            () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        }
    }

    /** After an outage, or a build that did not wait for its token. */
    protected void untilTheJanitorHasEndedTheRest() {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            JenkinsLeases.get().janitor().sweep().get();
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        });
    }

    protected static WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    protected static WorkflowRun build(Result expected, String script) throws Exception {
        return jenkins.assertBuildStatus(expected, job(script).scheduleBuild2(0));
    }

    /** A build of a script that has come to {@code semaphore 'PAUSE'}. */
    protected static Paused paused(String script) throws Exception {
        return paused(jenkins.createProject(WorkflowJob.class, newName()), script);
    }

    protected static Paused paused(WorkflowJob job, String script) throws Exception {
        String pause = newName();
        job.setDefinition(new CpsFlowDefinition(script.replace("PAUSE", pause), true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        return new Paused(run, pause);
    }

    protected record Paused(WorkflowRun run, String pause) {
        public WorkflowRun goOn(Result expected) throws Exception {
            SemaphoreStep.success(pause + "/1", null);
            return jenkins.assertBuildStatus(expected, jenkins.waitForCompletion(run));
        }
    }

    /** The live token with this label. */
    protected final FakeToken token(String label) {
        return qwiet.organization().liveTokens().stream()
                .filter(token -> token.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    /** The value of a token, dead or alive: the one whose request said so. */
    protected final String valueOf(String label) {
        return qwiet.valueOf(label);
    }

    /** What a build archived under that name. */
    public static String archived(Run<?, ?> run, String name) throws IOException {
        try (var in = run.getArtifactManager().root().child(name).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public static String signature(String jwt) {
        return jwt.substring(jwt.lastIndexOf('.') + 1);
    }

    /**
     * What Jenkins writes without asking anybody is hidden a moment later, and Pipeline saves a build from threads of its own:
     * so a file of that moment may be there, and has to go.
     */
    public static void assertNotOnDisk(Run<?, ?> run, String text) {
        await().untilAsserted(() -> assertThat(filesContaining(run, text)).isEmpty());
    }

    /** The files of a build in which a text stands. */
    public static List<String> filesContaining(Run<?, ?> run, String text) throws IOException {
        return TextsOnDisk.namesOfThoseWith(text, run.getRootDir().toPath());
    }
}
