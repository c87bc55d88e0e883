package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A Pipeline goes on behind a block while Qwiet is asked to revoke the block's token. */
class BlocksThatAreOverTest extends OnJenkins {
    private static final String BLOCK = "withQwietCiToken(label: 'scan') { echo 'within' }";
    private static final String BINDING =
            "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'scan')]) { echo 'within' }";

    @ParameterizedTest
    @ValueSource(strings = {BLOCK, BINDING})
    void thePipelineGoesOnWhileQwietIsAsked(String block) throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);
        Paused build = paused("timeout(time: 12, unit: 'SECONDS') { " + block + " }\nsemaphore 'PAUSE'");
        hold.awaitArrived(Duration.ofSeconds(30));
        assertThat(JenkinsLeases.get().leasing().store().leases())
                .extracting(Lease::releasedAt)
                .hasSize(1)
                .doesNotContainNull();
        assertThat(JenkinsRule.getLog(build.run())).doesNotContain("revoked CI token");

        hold.release();

        await().untilAsserted(() ->
                assertThat(JenkinsRule.getLog(build.run())).containsOnlyOnce("Qwiet: revoked CI token \"scan\""));
        assertThat(JenkinsRule.getLog(build.goOn(Result.SUCCESS))).containsOnlyOnce("revoked CI token");
    }

    /** If Qwiet hangs, tokens that nobody uses do not become as many as there are blocks. */
    @Test
    void thePipelineWaitsBehindTenOthers() throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);
        WorkflowRun run = job("for (int i = 0; i < 20; i++) { " + BLOCK + " }")
                .scheduleBuild2(0)
                .waitForStart();
        hold.awaitArrived(11, Duration.ofSeconds(60));
        assertThat(qwiet.organization().liveTokens()).hasSize(11);
        assertThat(JenkinsRule.getLog(run)).doesNotContain("revoked CI token");

        hold.release();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertThat(qwiet.organization().minted()).isEqualTo(20);
        assertThat(JenkinsRule.getLog(run).split("Qwiet: revoked CI token", -1)).hasSize(21);
    }

    /** Nor what else came with its token: where the API is, and whose variable that was before. */
    @ParameterizedTest
    @ValueSource(strings = {BLOCK, BINDING})
    void theNextStepFindsNothingOfIt(String block) throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);
        String shown = "\necho \"host ${env.SHIFTLEFT_API_HOST}, org ${env.SHIFTLEFT_ORG_ID}, token"
                + " ${env.SHIFTLEFT_ACCESS_TOKEN}.\"\n";
        Paused build = paused(block + shown + "semaphore 'PAUSE'");
        assertThat(JenkinsRule.getLog(build.run())).contains("host null, org null, token null.");
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        hold.release();
        build.goOn(Result.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCK, BINDING})
    void thePageOfTheBuildDoesNotCallItInUse(String block) throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);
        Paused build = paused(block + "\nsemaphore 'PAUSE'");

        assertThat(Browser.withoutScripts(jenkins).getPage(build.run()).asNormalizedText())
                .contains("This build is running; none of its tokens is in use.", "1 token is not revoked yet");

        hold.release();
        build.goOn(Result.SUCCESS);
    }

    /** Nobody uses it, so a rule that asks for tokens that live breaks. */
    @Test
    void norDoesAnAuditThatWaitedForItInVain() throws Exception {
        qwiet.fault(Fault.tooManyRequests(Operation.DELETE, "45"));

        String log = JenkinsRule.getLog(build(Result.FAILURE, BLOCK + "\nqwietTokenAudit(ownTokenLive: 'FAIL')"));

        assertThat(log).contains("FAIL: 1 token of this build is still active").doesNotContain("in use");
        qwiet.clearFaults();
        untilTheJanitorHasEndedTheRest();
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCK, BINDING})
    void theNextStepFindsTheTokenOfTheRestAgain(String block) throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);
        Paused build = paused("qwietCiToken(label: 'rest')\ndef rest = env.SHIFTLEFT_ACCESS_TOKEN\n" + block
                + "\necho \"the same: ${rest == env.SHIFTLEFT_ACCESS_TOKEN}\"\nsemaphore 'PAUSE'");
        assertThat(JenkinsRule.getLog(build.run())).contains("the same: true");

        hold.release();
        build.goOn(Result.SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCK, BINDING})
    void theEndOfTheBuildWaitsAndSaysIt(String block) throws Exception {
        releaseIn(Duration.ofSeconds(1), qwiet.hold(Operation.DELETE));

        String log = JenkinsRule.getLog(build(Result.SUCCESS, block));

        assertThat(log).containsOnlyOnce("revoked CI token \"scan\"").doesNotContain("still being revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCK + "\n qwietTokenAudit(", BLOCK + "\n qwietTokenAudit(revoke: false, "})
    void anAuditWaitsForIt(String audited) throws Exception {
        releaseIn(Duration.ofSeconds(2), qwiet.hold(Operation.DELETE));

        String log = JenkinsRule.getLog(build(Result.SUCCESS, audited + "ownTokenLive: 'FAIL')"));

        assertThat(log.indexOf("revoked CI token")).isPositive().isLessThan(log.indexOf("Qwiet tokens of this build:"));
    }

    /** Qwiet answers at once: when the next step begins, the lease may be gone and nothing said yet. */
    @ParameterizedTest
    @ValueSource(strings = {BLOCK, BINDING})
    void nothingIsSaidTooLate(String block) throws Exception {
        String log = JenkinsRule.getLog(build(
                Result.SUCCESS,
                "for (int i = 0; i < 30; i++) { " + block
                        + "; qwietTokenAudit(ownTokenLive: 'FAIL'); echo \"over ${i}\" }"));

        for (int i = 0; i < 30; i++) {
            String until = log.substring(0, log.indexOf("over " + i + "\n"));
            assertThat(until.split("revoked CI token \"scan\"", -1)).as(until).hasSize(i + 2);
        }
    }

    private static void releaseIn(Duration time, Hold hold) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    hold.awaitArrived(Duration.ofSeconds(30));
                    hold.release();
                });
    }
}
