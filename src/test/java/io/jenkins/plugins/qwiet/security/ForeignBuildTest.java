package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.scriptsecurity.scripts.ScriptApproval;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

/** A build gets nothing by saying that it is another, and an old one nothing by being run again. */
class ForeignBuildTest extends WithQwiet {
    private static WorkflowJob job(String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    @Test
    void anotherBuildSeesNothingOfOneThatRuns() throws Exception {
        WorkflowRun victim = job("victim", "qwietCiToken(label: 'x')\nsemaphore 'victim'")
                .scheduleBuild2(0)
                .waitForStart();
        SemaphoreStep.waitForStart("victim/1", victim);

        WorkflowRun thief = jenkins.buildAndAssertSuccess(job("thief", """
                withEnv(['JOB_NAME=victim', 'BUILD_ID=1', 'BUILD_NUMBER=1', 'BUILD_TAG=jenkins-victim-1']) {
                    echo "seen: ${env.SHIFTLEFT_ACCESS_TOKEN} ${env.SHIFTLEFT_ORG_ID}"
                }
                """));

        jenkins.assertLogContains("seen: null null", thief);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        SemaphoreStep.success("victim/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(victim));
    }

    @Test
    void aTokenIsTracedToTheBuildThatMintedItWhateverTheEnvironmentSays() throws Exception {
        WorkflowRun run = job("real", """
                withEnv(['JOB_NAME=forged', 'BUILD_ID=99', 'BUILD_URL=https://forged.example/']) {
                    qwietCiToken()
                    semaphore 'forged'
                }
                """).scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("forged/1", run);

        assertThat(qwiet.organization().liveTokens()).singleElement().satisfies(token -> {
            assertThat(token.label()).isEqualTo("real #1");
            assertThat(token.description()).contains(run.getUrl()).doesNotContain("forged");
        });
        SemaphoreStep.success("forged/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void aSandboxedScriptCannotReachTheRecordOfABuild() throws Exception {
        for (String reach : List.of(
                "currentBuild.rawBuild.getAction(io.jenkins.plugins.qwiet.grant.BuildTokens)",
                "io.jenkins.plugins.qwiet.grant.BuildTokens.of(null)",
                "io.jenkins.plugins.qwiet.grant.JenkinsLeases.get()",
                "io.jenkins.plugins.qwiet.config.QwietConnections.get()",
                "io.jenkins.plugins.qwiet.config.QwietConfiguration.get()")) {
            WorkflowRun run = jenkins.assertBuildStatus(
                    Result.FAILURE,
                    job("reach-" + Math.abs(reach.hashCode()), "qwietCiToken()\n" + reach)
                            .scheduleBuild2(0));

            jenkins.assertLogContains("Scripts not permitted to use", run);
        }
        assertThat(ScriptApproval.get().getApprovedSignatures()).isEmpty();
    }

    @Test
    void aReplayedBuildHasATokenOfItsOwn() throws Exception {
        WorkflowRun first = job("again", "qwietCiToken()\nsemaphore 'again'")
                .scheduleBuild2(0)
                .waitForStart();
        SemaphoreStep.waitForStart("again/1", first);
        List<FakeToken> old = qwiet.organization().liveTokens();
        SemaphoreStep.success("again/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first));
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());

        var second = (WorkflowRun) first.getAction(ReplayAction.class)
                .run2("semaphore 'bare'", Map.of())
                .getFuture()
                .waitForStart();
        SemaphoreStep.waitForStart("bare/1", second);

        assertThat(second.getEnvironment(TaskListener.NULL)).doesNotContainKey("SHIFTLEFT_ACCESS_TOKEN");
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        assertThat(old)
                .singleElement()
                .satisfies(token ->
                        assertThat(qwiet.organization().isLive(token.value())).isFalse());
        SemaphoreStep.success("bare/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
    }

    @Test
    void aFinishedBuildGivesNothingWhenItIsReadAgain() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(job("finished", "qwietCiToken(label: 'x')"));

        run.reload();

        assertThat(run.getEnvironment(TaskListener.NULL)).doesNotContainKey("SHIFTLEFT_ACCESS_TOKEN");
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }
}
