package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Both steps in Declarative Pipeline. */
class DeclarativeTest extends OnJenkins {
    @Test
    void aStageLosesItsTokenWhenItEnds() throws Exception {
        Paused build = paused("""
                pipeline {
                  agent none
                  stages {
                    stage('one') {
                      options { withQwietCiToken(label: 'stage') }
                      steps { echo "one: ${env.SHIFTLEFT_ACCESS_TOKEN} of ${env.SHIFTLEFT_ORG_ID}" }
                    }
                    stage('two') {
                      steps {
                        echo "two: ${env.SHIFTLEFT_ACCESS_TOKEN}"
                        semaphore 'PAUSE'
                      }
                    }
                  }
                }
                """);

        assertThat(qwiet.organization().liveTokens()).isEmpty();

        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogContains("one: **** of " + qwiet.organization().id(), run);
        jenkins.assertLogContains("two: null", run);
        jenkins.assertLogContains("Qwiet: revoked CI token \"stage\"", run);
    }

    @Test
    void aPipelineHasATokenAsItsOption() throws Exception {
        Paused build = paused("""
                pipeline {
                  agent none
                  options { withQwietCiToken(label: 'whole') }
                  stages {
                    stage('one') { steps { semaphore 'PAUSE' } }
                    stage('two') { steps { error "no: ${env.SHIFTLEFT_ACCESS_TOKEN}" } }
                  }
                  post { failure { echo "post: ${env.SHIFTLEFT_ACCESS_TOKEN}" } }
                }
                """);
        String value = token("whole").value();

        WorkflowRun run = build.goOn(Result.FAILURE);

        jenkins.assertLogContains("no: ****", run);
        jenkins.assertLogContains("post: ****", run);
        jenkins.assertLogContains("Qwiet: revoked CI token \"whole\"", run);
        jenkins.assertLogNotContains(value, run);
        assertNotOnDisk(run, value);
    }

    @Test
    void bothStepsStandInSteps() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  stages {
                    stage('block') {
                      steps {
                        withQwietCiToken(label: 'block') { sh 'echo "block: $SHIFTLEFT_ACCESS_TOKEN"' }
                        echo "behind the block: ${env.SHIFTLEFT_ACCESS_TOKEN}"
                      }
                    }
                    stage('rest') {
                      steps {
                        qwietCiToken(label: 'rest')
                        sh 'echo "rest: $SHIFTLEFT_ACCESS_TOKEN"'
                      }
                    }
                    stage('later') { steps { sh 'echo "later: $SHIFTLEFT_ACCESS_TOKEN"' } }
                  }
                  post { always { echo "post: ${env.SHIFTLEFT_ACCESS_TOKEN}" } }
                }
                """);

        jenkins.assertLogContains("block: ****", run);
        jenkins.assertLogContains("behind the block: null", run);
        jenkins.assertLogContains("rest: ****", run);
        jenkins.assertLogContains("later: ****", run);
        jenkins.assertLogContains("post: ****", run);
        assertThat(qwiet.organization().minted()).isEqualTo(2);
    }

    @Test
    void parallelStagesHaveTheirOwn() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent none
                  stages {
                    stage('all') {
                      parallel {
                        stage('a') {
                          options { withQwietCiToken(label: 'a') }
                          steps { echo "a: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
                        }
                        stage('b') {
                          options { withQwietCiToken(label: 'b') }
                          steps { echo "b: ${env.SHIFTLEFT_ACCESS_TOKEN}" }
                        }
                      }
                    }
                  }
                }
                """);

        jenkins.assertLogContains("a: ****", run);
        jenkins.assertLogContains("b: ****", run);
        assertThat(valueOf("a")).isNotEqualTo(valueOf("b"));
    }

    @Test
    void aBuildRestartedFromAStageMintsItsOwn() throws Exception {
        WorkflowRun first = build(Result.SUCCESS, """
                pipeline {
                  agent none
                  stages {
                    stage('one') { steps { qwietCiToken(label: "one of ${env.BUILD_NUMBER}") } }
                    stage('two') {
                      options { withQwietCiToken(label: "two of ${env.BUILD_NUMBER}", variable: 'TWO') }
                      steps { echo "${env.SHIFTLEFT_ACCESS_TOKEN} and ${env.TWO}" }
                    }
                  }
                }
                """);
        jenkins.assertLogContains("**** and ****", first);

        first.getAction(RestartDeclarativePipelineAction.class).run("two");
        jenkins.waitUntilNoActivity();

        WorkflowRun second = first.getParent().getBuildByNumber(2);
        jenkins.assertBuildStatusSuccess(second);
        jenkins.assertLogContains("null and ****", second);
        assertThat(BuildTokens.of(second).orElseThrow().getTokens())
                .extracting(TokenRecord::label)
                .containsExactly("two of 2");
        assertThat(qwiet.organization().minted()).isEqualTo(3);
    }

    @Test
    void theEnvironmentHoldsATokenOfTheBuildsOwn() throws Exception {
        for (String place : List.of("pipeline", "stage")) {
            String environment = "environment { SHIFTLEFT_ACCESS_TOKEN = credentials('sa') }";
            Paused build = paused("""
                    pipeline {
                      agent any
                      %s
                      stages {
                        stage('one') {
                          %s
                          steps {
                            sh 'echo "one: $SHIFTLEFT_ACCESS_TOKEN of $SHIFTLEFT_ORG_ID"'
                            semaphore 'PAUSE'
                          }
                        }
                      }
                    }
                    """.formatted(
                            place.equals("pipeline") ? environment : "", place.equals("stage") ? environment : ""));
            assertThat(qwiet.organization().liveTokens()).hasSize(1);
            String value = qwiet.organization().liveTokens().iterator().next().value();

            WorkflowRun run = build.goOn(Result.SUCCESS);

            jenkins.assertLogContains("one: **** of " + qwiet.organization().id(), run);
            jenkins.assertLogContains("Qwiet: revoked CI token", run);
            assertNotOnDisk(run, value);
            assertNotOnDisk(run, qwiet.organization().serviceAccount());
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        }
    }

    /** Wherever it stands: what is possible, in one sentence, and nothing is sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "options { withQwietCiToken(validFor: 'soon') }\nstages { stage('one') { steps { echo 'in' } } }",
                "stages { stage('one') { options { withQwietCiToken(validFor: 'soon') }\nsteps { echo 'in' } } }",
                "stages { stage('one') { steps { withQwietCiToken(validFor: 'soon') { echo 'in' } } } }",
                "stages { stage('one') { steps { qwietCiToken(validFor: 'soon')\necho 'in' } } }"
            })
    void aLifetimeThatIsNoneIsAnsweredWithWhatIsPossible(String part) throws Exception {
        WorkflowRun run = build(Result.FAILURE, "pipeline {\nagent none\n" + part + "\n}");

        assertThat(JenkinsRule.getLog(run))
                .contains("validFor: A token cannot be valid for \"soon\"", "15m", "2h")
                .doesNotContain("\nin\n", "\tat ", "Exception");
        assertThat(qwiet.organization().minted()).isZero();
    }
}
