package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Jenkins is restarted when a block has given its token back and Qwiet has not answered yet. */
class RestartBehindBlockTest {
    private static final String BLOCK = "withQwietCiToken(label: 'scan') { echo 'within' }";
    private static final String BINDING =
            "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'scan')]) { echo 'within' }";

    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    private void begin(String block, String then) throws Throwable {
        qwiet.faultAlways(Fault.tooManyRequests(Operation.DELETE, "60"));
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition(block + "\nsemaphore 'pause'\n" + then, true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("pause/1", run);
            await().until(() -> qwiet.calls(Operation.DELETE) > 0);
        });
    }

    private void refuseToRevoke() {
        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 403, "NO", "no"));
    }

    /** Lets the build go on after the restart, to its end with this result; gives all that its log says then. */
    private static String logOfTheRest(JenkinsRule jenkins, Result result) throws Exception {
        SemaphoreStep.success("pause/1", null);
        WorkflowRun run =
                jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
        return JenkinsRule.getLog(jenkins.assertBuildStatus(result, jenkins.waitForCompletion(run)));
    }

    /** The log tells of each token what became of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {BLOCK, BINDING})
    void theLogSaysWhatBecameOfIt(String block) throws Throwable {
        begin(block, "echo 'goes on'");
        qwiet.clearFaults();
        session.then(jenkins -> {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> qwiet.organization().liveTokens().isEmpty());
            assertThat(logOfTheRest(jenkins, Result.SUCCESS)).containsOnlyOnce("Qwiet: revoked CI token \"scan\"");
        });
    }

    /** At the end of the build it lives, and no settings want that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {BLOCK, BINDING})
    void theEndOfTheBuildSaysThatItLives(String block) throws Throwable {
        begin(block, "echo 'goes on'");
        refuseToRevoke();
        session.then(jenkins -> {
            String log = logOfTheRest(jenkins, Result.SUCCESS);
            assertThat(qwiet.organization().liveTokens()).hasSize(1);
            assertThat(log.substring(log.indexOf("goes on"))).contains("may not revoke CI token \"scan\"");
        });
    }

    /** An audit does not call it in use. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                BLOCK + "|qwietTokenAudit(ownTokenLive: 'FAIL')",
                BLOCK + "|qwietTokenAudit(ownTokenLive: 'FAIL', revoke: false)",
                BINDING + "|qwietTokenAudit(ownTokenLive: 'FAIL')",
            })
    void anAuditSaysThatItLives(String block, String audit) throws Throwable {
        begin(block, "echo 'goes on'\n" + audit);
        refuseToRevoke();
        session.then(jenkins -> {
            assertThat(logOfTheRest(jenkins, Result.FAILURE)).doesNotContain("in use");
            assertThat(qwiet.organization().liveTokens()).hasSize(1);
        });
    }

    /** Qwiet is fine, and the janitor is about to revoke it, or has: an audit behind waits as without a restart. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {BLOCK, BINDING})
    void anAuditWaitsForTheJanitor(String block) throws Throwable {
        begin(block, "echo 'goes on'\nqwietTokenAudit(ownTokenLive: 'FAIL')");
        qwiet.clearFaults();
        session.then(
                jenkins -> assertThat(logOfTheRest(jenkins, Result.SUCCESS)).doesNotContain("in use"));
    }
}
