package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Shapes of Declarative pipelines that people run. */
class DeclarativeShapesTest extends OnJenkins {
    @Test
    void asAnOptionItNeedsNoArgumentButParentheses() throws Exception {
        var run = build(Result.SUCCESS, """
                pipeline {
                  agent none
                  options { withQwietCiToken() }
                  stages {
                    stage('scan') {
                      steps { echo "there is one: ${env.SHIFTLEFT_ACCESS_TOKEN != null}" }
                    }
                  }
                }
                """);

        jenkins.assertLogContains("there is one: true", run);
    }

    @Test
    void aStageThatIsSkippedMintsNothingWithBeforeOptions() throws Exception {
        var run = build(Result.SUCCESS, """
                pipeline {
                  agent none
                  stages {
                    stage('never') {
                      options { withQwietCiToken(label: 'never') }
                      when { beforeOptions true; expression { false } }
                      steps { echo 'never' }
                    }
                  }
                }
                """);

        assertThat(qwiet.organization().minted()).isZero();
        jenkins.assertLogContains("due to when conditional", run);
    }

    @Test
    void aQuestionThatIsAbortedEndsTheToken() throws Exception {
        WorkflowRun run = job("""
                pipeline {
                  agent none
                  stages {
                    stage('ask') {
                      options { withQwietCiToken(label: 'asked') }
                      input { message 'Scan?' }
                      steps { echo 'never' }
                    }
                  }
                }
                """).scheduleBuild2(0).waitForStart();
        await().until(() -> JenkinsRule.getLog(run).contains("Scan?"));
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Qwiet: revoked CI token \"asked\"", run);
    }

    @Test
    void eachTryHasATokenOfItsOwn() throws Exception {
        var run = build(Result.SUCCESS, """
                def tries = 0
                pipeline {
                  agent none
                  stages {
                    stage('scan') {
                      steps {
                        retry(2) {
                          timeout(time: 5, unit: 'MINUTES') {
                            withQwietCiToken(label: 'try') {
                              script { if (tries++ == 0) { error 'once more' } }
                            }
                          }
                        }
                      }
                    }
                  }
                }
                """);

        assertThat(qwiet.organization().minted()).isEqualTo(2);
        assertThat(JenkinsRule.getLog(run).lines().filter(line -> line.contains("Qwiet: revoked CI token \"try\"")))
                .hasSize(2);
    }

    @Test
    void whatComesAfterAStageHasItsToken() throws Exception {
        var run = build(Result.FAILURE, """
                pipeline {
                  agent none
                  options { withQwietCiToken(label: 'outer', variable: 'OUTER', orgVariable: 'OUTER_ORG') }
                  stages {
                    stage('both') {
                      options { withQwietCiToken(label: 'of both') }
                      parallel {
                        stage('a') { steps { echo "a: ${env.SHIFTLEFT_ACCESS_TOKEN} ${env.OUTER}" } }
                        stage('b') {
                          options { withQwietCiToken(label: 'of b', variable: 'B') }
                          steps { echo "b: ${env.B} ${env.SHIFTLEFT_ACCESS_TOKEN}" }
                        }
                      }
                      post { always { echo "post of both: ${env.OUTER}" } }
                    }
                    stage('unit') {
                      options { withQwietCiToken(label: 'unit') }
                      steps { error 'it fails' }
                      post { failure { echo "post of unit: ${env.SHIFTLEFT_ACCESS_TOKEN}" } }
                    }
                  }
                  post {
                    always { echo "before the audit: ${env.OUTER}" }
                    cleanup { qwietTokenAudit(neverExpires: 'OFF', leftByBuild: 'FAIL') }
                  }
                }
                """);

        for (String line : new String[] {
            "a: **** ****", "b: **** ****", "post of both: ****", "post of unit: ****", "before the audit: ****"
        }) {
            jenkins.assertLogContains(line, run);
        }
        assertThat(qwiet.organization().minted()).isEqualTo(4);
    }
}
