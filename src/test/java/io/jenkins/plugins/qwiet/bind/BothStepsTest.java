package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.JanitorTimer;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.ExecutorStepExecution;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;

/** What the step and the block step promise alike. */
class BothStepsTest extends WithQwiet {
    /** How a script asks for a token around a body. */
    enum Form {
        REST_OF_BUILD("qwietCiToken(%s)\n%s"),
        BLOCK("withQwietCiToken(%s) {\n%s\n}");

        private final String shape;

        Form(String shape) {
            this.shape = shape;
        }

        String with(String arguments, String body) {
            return String.format(shape, arguments, body);
        }

        String around(String body) {
            return with("label: 'scan'", body);
        }
    }

    private static String agent;

    private final String pause = newName();
    private final long patience = ExecutorStepExecution.TIMEOUT_WAITING_FOR_NODE_MILLIS;

    @AfterEach
    void asItWas() {
        ExecutorStepExecution.TIMEOUT_WAITING_FOR_NODE_MILLIS = patience;
    }

    @BeforeAll
    static void startAgent() throws Exception {
        agent = jenkins.createOnlineSlave().getNodeName();
    }

    private WorkflowJob job(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private WorkflowRun build(Result expected, String script) throws Exception {
        return jenkins.assertBuildStatus(expected, job(script).scheduleBuild2(0));
    }

    private void nothingIsLeft() {
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        await().untilAsserted(() ->
                assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void bindsBothVariablesAndRevokesWhenDone(Form form) throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "node('" + agent + "') {\n"
                        + form.around("sh 'echo org=$SHIFTLEFT_ORG_ID; test -n \"$SHIFTLEFT_ACCESS_TOKEN\"'")
                        + "\n}");

        jenkins.assertLogContains("org=" + qwiet.organization().id(), run);
        jenkins.assertLogContains("Qwiet: created CI token \"scan\" (id ", run);
        jenkins.assertLogContains("Qwiet: revoked CI token \"scan\" (id ", run);
        assertThat(qwiet.organization().minted()).isEqualTo(1);
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void everyBuildHasATokenOfItsOwnThatCanBeTracedToIt(Form form) throws Exception {
        WorkflowJob job = job(form.with("label: '', description: 'because'", "semaphore '" + pause + "'"));
        var first = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", first);
        var second = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/2", second);

        List<FakeToken> live = qwiet.organization().liveTokens();

        assertThat(live)
                .extracting(FakeToken::label)
                .containsExactlyInAnyOrder(job.getName() + " #1", job.getName() + " #2");
        assertThat(live).extracting(FakeToken::value).doesNotHaveDuplicates();
        assertThat(live)
                .allSatisfy(token ->
                        assertThat(token.description()).startsWith("because").contains(job.getUrl()));
        SemaphoreStep.success(pause + "/1", null);
        SemaphoreStep.success(pause + "/2", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(first));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void hidesTheValueHoweverItIsPrinted(Form form) throws Exception {
        WorkflowJob job = job("node('" + agent + "') {\n" + form.around("""
                        semaphore 'PAUSE'
                        echo "echoed: ${env.SHIFTLEFT_ACCESS_TOKEN}"
                        sh 'set -x; : "$SHIFTLEFT_ACCESS_TOKEN"'
                        sh 'set +x; printf "base64: "; printf %s "user:$SHIFTLEFT_ACCESS_TOKEN" | base64 -w0'
                        sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" | cut -c1-40 > /dev/null'
                        """.replace("PAUSE", pause)) + "\n}");
        var run = job.scheduleBuild2(0).waitForStart();
        String value = valueWhen(run);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        jenkins.assertLogContains("echoed: ****", run);
        assertThat(JenkinsRule.getLog(run))
                .contains("base64: ")
                .doesNotContain(value)
                .doesNotContain(OnJenkins.signature(value));
        assertThat(new String(Files.readAllBytes(run.getRootDir().toPath().resolve("log"))))
                .doesNotContain(value);
    }

    @ParameterizedTest
    @EnumSource
    void hidesTheValueInTheTextOfAnException(Form form) throws Exception {
        WorkflowJob job = job(form.around("""
                semaphore 'PAUSE'
                error "it was ${env.SHIFTLEFT_ACCESS_TOKEN}"
                """.replace("PAUSE", pause)));
        var run = job.scheduleBuild2(0).waitForStart();
        String value = valueWhen(run);
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));

        jenkins.assertLogContains("it was ****", run);
        jenkins.assertLogNotContains(value, run);
        OnJenkins.assertNotOnDisk(run, value);
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheValueOutOfEveryFileOfTheBuild(Form form) throws Exception {
        WorkflowJob job = job(form.around("""
                echo "${env.SHIFTLEFT_ACCESS_TOKEN}"
                semaphore 'PAUSE'
                """.replace("PAUSE", pause)));
        var run = job.scheduleBuild2(0).waitForStart();
        String value = valueWhen(run);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        OnJenkins.assertNotOnDisk(run, value);
        assertThat(run.getAction(BuildTokens.class).getTokens()).singleElement().satisfies(token -> {
            assertThat(token.value()).isNull();
            assertThat(token.revokedAt()).isNotNull();
        });
    }

    /** While a semaphore holds the build; its files are looked at on the way. */
    private String valueWhen(WorkflowRun run) throws Exception {
        SemaphoreStep.waitForStart(pause + "/1", run);
        String value = qwiet.organization().liveTokens().get(0).value();
        OnJenkins.assertNotOnDisk(run, value);
        SemaphoreStep.success(pause + "/1", null);
        return value;
    }

    @ParameterizedTest
    @EnumSource
    void revokesWhenTheScriptFails(Form form) throws Exception {
        WorkflowRun run = build(Result.FAILURE, form.around("error 'no'"));

        jenkins.assertLogContains("Qwiet: revoked", run);
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void revokesWhenTheBuildIsAborted(Form form) throws Exception {
        var run = job(form.around("sleep 600")).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Sleeping", run);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void revokesWhenATimeOutEndsTheBody(Form form) throws Exception {
        build(Result.ABORTED, "timeout(time: 1, unit: 'SECONDS') {\n" + form.around("sleep 600") + "\n}");

        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingWhenTheBuildIsAbortedDuringTheMint(Form form) throws Exception {
        Hold hold = qwiet.hold(Operation.CREATE);
        var run = job(form.around("echo 'never'")).scheduleBuild2(0).waitForStart();
        hold.awaitArrived(Duration.ofSeconds(30));

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertLogNotContains("never", run);
        arrives(hold);
        // Not waited for: the timer lets the janitor sweep each minute.
        var timer = ExtensionList.lookupSingleton(JanitorTimer.class);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            timer.run();
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void revokesWhenTheAgentIsLost(Form form) throws Exception {
        ExecutorStepExecution.TIMEOUT_WAITING_FOR_NODE_MILLIS = 1000;
        DumbSlave lost = jenkins.createOnlineSlave();
        var run = job("node('" + lost.getNodeName() + "') {\n" + form.around("sh 'echo up; sleep 600'") + "\n}")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("up", run);

        Jenkins.get().removeNode(lost);

        jenkins.waitForCompletion(run);
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void parallelBranchesHaveTheirOwn(Form form) throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "parallel a: {\n" + form.with("label: 'a', variable: 'A'", "echo \"a=${env.A != null}\"")
                        + "\n},\nb: {\n" + form.with("label: 'b', variable: 'B'", "echo \"b=${env.B != null}\"")
                        + "\n}");

        jenkins.assertLogContains("a=true", run);
        jenkins.assertLogContains("b=true", run);
        assertThat(qwiet.organization().minted()).isEqualTo(2);
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void nestedUsesHaveTheirOwn(Form form) throws Exception {
        WorkflowJob job = job(form.with(
                "label: 'outer'", form.with("label: 'inner', variable: 'INNER'", """
                semaphore 'PAUSE'
                echo "${env.SHIFTLEFT_ACCESS_TOKEN} and ${env.INNER}"
                """.replace("PAUSE", pause))));
        var run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        assertThat(qwiet.organization().liveTokens())
                .extracting(FakeToken::label)
                .containsExactlyInAnyOrder("outer", "inner");
        SemaphoreStep.success(pause + "/1", null);

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("**** and ****", run);
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichSettingIsMissing(Form form) throws Exception {
        QwietConfiguration.get().setCredentialsId(null);

        WorkflowRun run = build(Result.FAILURE, form.around("echo 'never'"));

        jenkins.assertLogContains("ERROR: No Qwiet service account is set.", run);
        jenkins.assertLogContains("Manage Jenkins » System » Qwiet", run);
        jenkins.assertLogNotContains("at io.jenkins", run);

        QwietConfiguration.get().setCredentialsId(QwietAccount.ID);
        QwietConfiguration.get().setOrgId(null);

        jenkins.assertLogContains(
                "ERROR: No Qwiet organization ID is set.", build(Result.FAILURE, form.around("echo 'never'")));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichCredentialIsWrong(Form form) throws Exception {
        WorkflowRun run = build(Result.FAILURE, form.with("label: 'x', credentialsId: 'other'", "echo 'never'"));

        jenkins.assertLogContains("with the ID \"other\" that this job can use", run);
        assertThat(qwiet.calls(Operation.CREATE)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatIsWrongWithAnArgument(Form form) throws Exception {
        jenkins.assertLogContains(
                "The label has 10000 characters: expected at most 256",
                build(Result.FAILURE, form.with("label: 'x'.multiply(10000)", "echo 'never'")));
        jenkins.assertLogContains(
                "control character", build(Result.FAILURE, form.with("label: 'one\\ntwo'", "echo 'never'")));
        jenkins.assertLogContains(
                "A token cannot be valid for \"5\": expected 60 to 86400 seconds",
                build(Result.FAILURE, form.with("label: 'x', validFor: 5", "echo 'never'")));
        jenkins.assertLogContains(
                "\"A-B\" cannot be the name of a variable",
                build(Result.FAILURE, form.with("label: 'x', variable: 'A-B'", "echo 'never'")));
        jenkins.assertLogContains(
                "The variable \"SHIFTLEFT_ACCESS_TOKEN\" cannot hold both",
                build(Result.FAILURE, form.with("label: 'x', orgVariable: 'SHIFTLEFT_ACCESS_TOKEN'", "echo 'never'")));
        assertThat(qwiet.calls(Operation.CREATE)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void keepsNewlinesAndEmojiInADescription(Form form) throws Exception {
        WorkflowJob job = job(form.with("label: 'x', description: 'one\\ntwo 🚀'", "semaphore '" + pause + "'"));
        var run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        assertThat(qwiet.organization().liveTokens())
                .singleElement()
                .satisfies(token -> assertThat(token.description()).startsWith("one\ntwo 🚀"));
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @ParameterizedTest
    @EnumSource
    void failsInQwietsWordsAndSaysWhatToDo(Form form) throws Exception {
        record Answer(int status, String code, String advice) {}
        for (var answer : List.of(
                new Answer(401, "UNAUTHORIZED", "The token in the credential \"sa\" is mistyped, expired or revoked"),
                new Answer(403, "FORBIDDEN", "lacks the API scope tokens:create"),
                new Answer(404, "NOT_FOUND", "Check the organization ID"),
                new Answer(409, "CONFLICT", "choose another label"))) {
            qwiet.fault(Fault.status(Operation.CREATE, answer.status, answer.code, "the words of Qwiet", "detail 1"));

            WorkflowRun run = build(Result.FAILURE, form.around("echo 'never'"));

            jenkins.assertLogContains(
                    "ERROR: Qwiet refused to create a CI token. HTTP " + answer.status + " " + answer.code
                            + ": the words of Qwiet (detail 1).",
                    run);
            jenkins.assertLogContains(answer.advice, run);
            jenkins.assertLogNotContains("at io.jenkins", run);
        }
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void neverUsesATokenAfterATimeOutAndLeavesNone(Form form) throws Exception {
        QwietConfiguration.get().setCallTimeout(1);
        qwiet.fault(Fault.slowHeaders(Operation.CREATE, Duration.ofSeconds(3)));

        build(Result.SUCCESS, form.around("echo 'worked in the end'"));

        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void aFailingRevocationIsOneLineAndDoesNotChangeTheResult(Form form) throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 403, "FORBIDDEN", "may not"));

        WorkflowRun run = build(Result.SUCCESS, form.around("echo 'used'"));

        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.contains("may not revoke CI token")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("with the API scope tokens:delete"));
    }

    @ParameterizedTest
    @EnumSource
    void usesACredentialOfItsFolderButNotOfAnother(Form form) throws Exception {
        var folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(
                folder, "inside", qwiet.organization().serviceAccount("tokens:create", "tokens:list", "tokens:delete"));
        String script = form.with("label: 'x', credentialsId: 'inside'", "echo 'used'");
        WorkflowJob inside = folder.createProject(WorkflowJob.class, "job");
        inside.setDefinition(new CpsFlowDefinition(script, true));

        jenkins.buildAndAssertSuccess(inside);
        jenkins.assertLogContains("with the ID \"inside\" that this job can use", build(Result.FAILURE, script));
        nothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void leavesTokensToExpireIfTheAdministratorSaysSo(Form form) throws Exception {
        QwietConfiguration.get().setRevokeAtEnd(false);

        WorkflowRun run = build(Result.SUCCESS, form.around("echo 'used'"));

        jenkins.assertLogContains("is not revoked, because the global settings turn that off", run);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theEnvironmentOfAFinishedBuildHasNoToken(Form form) throws Exception {
        WorkflowRun run = build(Result.SUCCESS, form.around("echo 'used'"));

        assertThat(run.getEnvironment(TaskListener.NULL)).doesNotContainKey("SHIFTLEFT_ACCESS_TOKEN");
    }
}
