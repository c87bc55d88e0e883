package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What {@code qwietCiToken} promises beyond what both steps do. */
class RestOfBuildTest extends OnJenkins {
    @Test
    void isSeenOnEveryAgentInEveryBranchAndInGroovy() throws Exception {
        String one = jenkins.createOnlineSlave().getNodeName();
        String two = jenkins.createOnlineSlave().getNodeName();
        WorkflowRun run = build(Result.SUCCESS, """
                qwietCiToken(label: 'everywhere')
                echo "groovy: ${env.SHIFTLEFT_ACCESS_TOKEN} of ${env.SHIFTLEFT_ORG_ID}"
                parallel one: { node('ONE') { sh 'echo "one: $SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID"' } },
                  two: { node('TWO') { sh 'echo "two: $SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID"' } },
                  built_in: { node('built-in') { sh 'echo "built-in: $SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID"' } }
                """.replace("ONE", one).replace("TWO", two));

        String org = qwiet.organization().id();
        jenkins.assertLogContains("groovy: **** of " + org, run);
        jenkins.assertLogContains("one: **** of " + org, run);
        jenkins.assertLogContains("two: **** of " + org, run);
        jenkins.assertLogContains("built-in: **** of " + org, run);
        assertThat(qwiet.organization().minted()).isEqualTo(1);
    }

    @Test
    void returnsTheIdOfTheToken() throws Exception {
        Paused build = paused("""
                def id = qwietCiToken(label: 'named')
                semaphore 'PAUSE'
                echo "the id is ${id}"
                """);
        String id = token("named").id();

        jenkins.assertLogContains("the id is " + id, build.goOn(Result.SUCCESS));
    }

    @Test
    void theNewerTokenWinsAndTheOlderIsRevoked() throws Exception {
        Paused build = paused("""
                qwietCiToken(label: 'other', variable: 'OTHER')
                qwietCiToken(label: 'older')
                qwietCiToken(label: 'newer')
                semaphore 'PAUSE'
                node { sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen' ; archiveArtifacts 'seen' }
                """);

        await().untilAsserted(() -> assertThat(qwiet.organization().liveTokens())
                .extracting(FakeToken::label)
                .containsExactlyInAnyOrder("other", "newer"));
        String newer = token("newer").value();
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(run.getArtifactManager().root().child("seen").open()).hasContent(newer);
        jenkins.assertLogContains("Qwiet: revoked CI token \"older\"", run);
    }

    @Test
    void needsNoArgument() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                qwietCiToken()
                withQwietCiToken { echo "it: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
                """);

        jenkins.assertLogContains("it: ****", run);
        jenkins.assertLogContains("Qwiet: created CI token \"" + run.getFullDisplayName() + "\"", run);
    }

    @Test
    void noThreadOfThePipelineWaitsForQwiet() throws Exception {
        Hold hold = qwiet.hold(Operation.CREATE);
        String pause = newName();
        WorkflowRun run = job("parallel waiting: { qwietCiToken(label: 'held') }, other: { semaphore '" + pause + "' }")
                .scheduleBuild2(0)
                .waitForStart();
        hold.awaitArrived(Duration.ofSeconds(30));

        SemaphoreStep.waitForStart(pause + "/1", run);
        SemaphoreStep.success(pause + "/1", null);
        assertThat(qwiet.organization().minted()).isZero();
        hold.release();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void theBuildEndsThoughQwietDoesNotAnswer() throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);

        WorkflowRun run = build(Result.SUCCESS, "qwietCiToken(label: 'slow')");

        jenkins.assertLogContains("still being revoked; Jenkins continues with that in the background", run);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        hold.release();
    }

    @Test
    void hidesEachOfTwoHundredTokens() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                def branches = [:]
                for (int i = 0; i < 50; i++) {
                  def n = i
                  branches["b${n}"] = {
                    for (int j = 0; j < 4; j++) { qwietCiToken(label: "t${n}-${j}", variable: "T_${n}_${j}") }
                  }
                }
                parallel branches
                node { sh 'set +x; env | grep ^T_' }
                """);

        assertThat(qwiet.organization().minted()).isEqualTo(200);
        String log = JenkinsRule.getLog(run);
        assertThat(log.lines().filter(line -> line.matches("T_\\d+_\\d=\\*{4}")))
                .hasSize(200);
        assertThat(log).doesNotContain("eyJ");
    }

    @Test
    void fiftyBranchesMintFourTokensEach() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                def branches = [:]
                for (int i = 0; i < 50; i++) {
                  def n = i
                  branches["b${n}"] = {
                    for (int j = 0; j < 4; j++) {
                      withQwietCiToken(label: "t${n}-${j}") { echo "value ${n}.${j}: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
                    }
                  }
                }
                parallel branches
                """);

        assertThat(qwiet.organization().minted()).isEqualTo(200);
        String log = JenkinsRule.getLog(run);
        assertThat(log.lines().filter(line -> line.matches("(\\[b\\d+\\] )?value \\d+\\.\\d: \\*\\*\\*\\*")))
                .hasSize(200);
        assertThat(log).doesNotContain("eyJ");
    }

    @Test
    void refusesATokenInALabelOrDescription() throws Exception {
        WorkflowRun label = build(Result.FAILURE, """
                qwietCiToken(label: 'first')
                def signature = env.SHIFTLEFT_ACCESS_TOKEN.tokenize('.').last()
                qwietCiToken(label: "of ${signature}", variable: 'SECOND')
                """);
        WorkflowRun description = build(Result.FAILURE, """
                withQwietCiToken(label: 'first') {
                  withQwietCiToken(label: 'second', description: "of ${env.SHIFTLEFT_ACCESS_TOKEN}") { echo 'never' }
                }
                """);

        jenkins.assertLogContains("ERROR: The label or the description contains a CI token of this build", label);
        jenkins.assertLogContains("The label or the description contains a CI token of this build", description);
        assertThat(qwiet.calls(Operation.CREATE)).isEqualTo(2);
    }
}
