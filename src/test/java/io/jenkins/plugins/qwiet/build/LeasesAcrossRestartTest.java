package io.jenkins.plugins.qwiet.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import java.nio.file.Files;
import java.util.List;
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
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

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
    final JenkinsSessionExtension session = new JenkinsSessionExtension();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
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

    private static WorkflowRun again(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    void aPipelineThatGoesOnKeepsItsTokens() throws Throwable {
        session.then(jenkins -> begin(jenkins, jenkins.createProject(WorkflowJob.class, "shop")));
        session.then(jenkins -> {
            // That of the start, or one right after it.
            OpenLeases.get().janitor().sweep().get();
            await().until(() -> OpenLeases.get().janitor().last().isPresent());
            assertThat(live()).containsExactly("rest", "block");

            WorkflowRun run = again(jenkins);
            SemaphoreStep.success("restart/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("block=true rest=true", run);
            await().untilAsserted(() -> assertThat(live()).isEmpty());
            await().untilAsserted(() ->
                    assertThat(OpenLeases.get().leasing().store().leases()).isEmpty());
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
            OpenLeases.get().janitor().sweep().get();
            await().untilAsserted(() -> assertThat(live()).isEmpty());
            await().untilAsserted(() ->
                    assertThat(OpenLeases.get().leasing().store().leases()).isEmpty());
            WorkflowRun run = again(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            await().untilAsserted(() -> assertThat(
                            run.getAction(BuildTokens.class).getTokens())
                    .allSatisfy(token -> {
                        assertThat(token.getRevokedAt()).isNotNull();
                        assertThat(token.value()).isNull();
                    }));
        });
    }
}
