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

/** Nobody's token is taken while it is in use. */
class TokensInUseTest extends OnJenkins {
    @Test
    void aBranchKeepsTheTokenThatAnotherReplaces() throws Exception {
        String replaced = newName();
        Paused build = paused("""
                qwietCiToken(label: 'older')
                parallel long: { semaphore 'PAUSE' }, quick: {
                  qwietCiToken(label: 'newer')
                  qwietCiToken(label: 'newest')
                  semaphore 'REPLACED'
                }
                """.replace("REPLACED", replaced));
        SemaphoreStep.waitForStart(replaced + "/1", build.run());

        assertThat(qwiet.organization().liveTokens())
                .extracting(FakeToken::label)
                .containsExactly("older", "newer", "newest");
        assertThat(qwiet.calls(Operation.DELETE)).isZero();

        SemaphoreStep.success(replaced + "/1", null);
        build.goOn(Result.SUCCESS);
    }

    @Test
    void theAuditOfABranchLeavesTheBlockOfAnother() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent none
                  stages {
                    stage('all') {
                      failFast true
                      parallel {
                        stage('quick') {
                          options { withQwietCiToken(label: 'quick', variable: 'QUICK') }
                          steps { qwietCiToken(label: 'rest') }
                          post { always { qwietTokenAudit(ownTokenLive: 'FAIL', leftByBuild: 'FAIL') } }
                        }
                        stage('long') {
                          options { withQwietCiToken(label: 'long') }
                          steps { sleep 5 }
                          post { always { qwietTokenAudit(ownTokenLive: 'FAIL', leftByBuild: 'FAIL') } }
                        }
                      }
                    }
                  }
                  post { always { qwietTokenAudit(ownTokenLive: 'FAIL', leftByBuild: 'FAIL') } }
                }
                """);

        jenkins.assertLogContains("in use", run);
        jenkins.assertLogNotContains("was already revoked", run);
        jenkins.assertLogNotContains("STILL ACTIVE", run);
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.contains("Qwiet: revoked CI token")))
                .hasSize(3);
    }

    @Test
    void eachCellOfAMatrixMayAudit() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent none
                  stages {
                    stage('all') {
                      matrix {
                        axes { axis { name 'CELL'; values 'a', 'b', 'c' } }
                        stages {
                          stage('scan') {
                            steps {
                              qwietCiToken(label: "rest of ${CELL}", variable: "TOKEN_${CELL}")
                              withQwietCiToken(label: "block of ${CELL}") { sleep 1 }
                            }
                            post { always { qwietTokenAudit(ownTokenLive: 'FAIL', leftByBuild: 'FAIL') } }
                          }
                        }
                      }
                    }
                  }
                }
                """);

        jenkins.assertLogNotContains("STILL ACTIVE", run);
        assertThat(qwiet.organization().minted()).isEqualTo(6);
    }

    @Test
    void theAuditLeavesTheBlockInWhichItStands() throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'block') {
                  qwietTokenAudit(ownTokenLive: 'FAIL')
                  semaphore 'PAUSE'
                }
                """);

        assertThat(token("block")).isNotNull();
        jenkins.assertLogContains("in use", build.run());
        build.goOn(Result.SUCCESS);
    }

    @Test
    void aTokenThatIsMintedByAnotherBranchBreaksNoRule() throws Exception {
        Hold hold = qwiet.hold(Operation.CREATE);
        String pause = newName();
        WorkflowRun run = job("""
                parallel minting: { qwietCiToken(label: 'slow') }, auditing: {
                  semaphore 'PAUSE'
                  qwietTokenAudit(ownTokenLive: 'FAIL')
                }
                """.replace("PAUSE", pause)).scheduleBuild2(0).waitForStart();
        hold.awaitArrived(Duration.ofSeconds(30));
        SemaphoreStep.success(pause + "/1", null);
        jenkins.waitForMessage("Organization", run);
        assertThat(qwiet.calls(Operation.DELETE)).isZero();
        hold.release();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Qwiet: created CI token \"slow\"", run);
    }

    @Test
    void anAbortBehindABlockSaysThatItsTokenIsStillBeingRevoked() throws Exception {
        Hold hold = qwiet.hold(Operation.DELETE);
        WorkflowRun run = job("withQwietCiToken(label: 'block') { echo 'done' }\nsleep 600")
                .scheduleBuild2(0)
                .waitForStart();
        hold.awaitArrived(Duration.ofSeconds(30));
        jenkins.waitForMessage("Sleeping for", run);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("CI tokens of this build are still being revoked", run);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        hold.release();
    }

    @Test
    void aLaterBindingOfTheSameStepFails() throws Exception {
        String pause = newName();
        WorkflowRun run = job("""
                try {
                  withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'bound'),
                      string(credentialsId: 'no-such', variable: 'OTHER')]) { echo 'never' }
                } catch (x) {
                  echo "caught ${x}"
                }
                semaphore 'PAUSE'
                """.replace("PAUSE", pause)).scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);

        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Qwiet: revoked CI token \"bound\"", run);
    }
}
