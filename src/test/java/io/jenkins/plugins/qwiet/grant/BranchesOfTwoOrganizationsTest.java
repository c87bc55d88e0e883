package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** No step goes to another organization without a line in the log. */
class BranchesOfTwoOrganizationsTest extends OnTwoOrganizations {
    private String with(String script) {
        return script.replace("OTHER", other.id());
    }

    /** Either the branch stays where it was, or a line names both organizations. */
    private void stays(WorkflowRun run, String file) throws Exception {
        String seen = archived(run, file);
        String log = JenkinsRule.getLog(run);
        boolean said = log.lines()
                .anyMatch(line -> line.contains(other.id())
                        && line.contains(qwiet.organization().id()));
        assertThat(seen.equals(qwiet.organization().id()) || said)
                .as("sees " + seen + ", which is " + (seen.equals(other.id()) ? "the other" : "the own") + "; said: "
                        + said + "\n" + log)
                .isTrue();
    }

    /** The first is everybody's; one asks for its own in the same organization, two for one of another; three for none. */
    @Test
    void aBranchWithoutItsOwnIsNotTakenToAnotherOrganizationUnsaid() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, with("""
                node {
                qwietCiToken(label: 'first')
                parallel one: {
                  qwietCiToken(label: 'one')
                  env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                  env.SECOND = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                }, three: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                  sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                  env.SCANNED = 'yes'
                }
                archiveArtifacts 'seen'
                }
                """));
        stays(run, "seen");
    }

    /** As before, but the other organization is asked for in a nested branch. */
    @Test
    void whatComesAfterTheBranchesIsNotTakenToAnotherOrganizationUnsaid() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, with("""
                node {
                qwietCiToken(label: 'first')
                parallel one: {
                  qwietCiToken(label: 'one')
                  env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                  env.SECOND = 'yes'
                }
                sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                archiveArtifacts 'seen'
                }
                """));
        stays(run, "seen");
    }

    /** A block is around all branches. */
    @Test
    void aBranchInABlockIsNotTakenToAnotherOrganizationUnsaid() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, with("""
                node { withQwietCiToken(label: 'block') {
                parallel one: {
                  qwietCiToken(label: 'one', credentialsId: 'other', orgId: 'OTHER')
                  env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                  archiveArtifacts 'seen'
                  env.SCANNED = 'yes'
                }
                } }
                """));
        stays(run, "seen");
    }

    @Test
    void aStageUnderOptionsIsNotTakenToAnotherOrganizationUnsaid() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, with("""
                pipeline {
                  agent any
                  options { withQwietCiToken(label: 'block') }
                  stages { stage('all') { parallel {
                    stage('one') { steps {
                      qwietCiToken(label: 'one', credentialsId: 'other', orgId: 'OTHER')
                      script {
                        env.FIRST = 'yes'
                        waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                      }
                    } }
                    stage('two') { steps { script {
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                      sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                      archiveArtifacts 'seen'
                      env.SCANNED = 'yes'
                    } } }
                  } } }
                }
                """));
        stays(run, "seen");
    }

    /** An administrator revokes the token of a branch, or of the inner one: no step goes to another organization unsaid. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "parallel one: { qwietCiToken(label: 'mine'); env.FIRST = 'yes'; BODY; env.SEEN = 'yes' }, two: { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }; qwietCiToken(label: 'others', credentialsId: 'other', orgId: 'OTHER'); echo 'others has one'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SEEN == 'yes' } }",
                "withQwietCiToken(label: 'others', credentialsId: 'other', orgId: 'OTHER') { echo 'others has one'; qwietCiToken(label: 'mine'); BODY }",
                "withQwietCiToken(label: 'others', credentialsId: 'other', orgId: 'OTHER') { echo 'others has one'; withQwietCiToken(label: 'mine') { BODY } }"
            })
    void aRevokedTokensPlaceIsNotTakenByOneOfAnotherOrganizationUnsaid(String form) throws Exception {
        Paused build = paused("node { " + form.replace("OTHER", other.id()).replace("BODY", """
                        semaphore 'PAUSE'
                        echo 'Now it is used'
                        sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                        archiveArtifacts 'seen'
                        """) + " }");
        WorkflowRun run = build.run();
        jenkins.waitForMessage("others has one", run);
        TokenRecord mine = BuildTokens.of(run).orElseThrow().getTokens().stream()
                .filter(token -> token.label().equals("mine"))
                .findFirst()
                .orElseThrow();
        TokenRevoker.recall(List.of(
                        JenkinsLeases.get().leasing().store().find(mine.nonce()).orElseThrow()))
                .get();
        await().until(() -> BuildTokens.of(run).orElseThrow().getTokens().stream()
                .noneMatch(token -> token.label().equals("mine") && token.isCurrent()));
        build.goOn(Result.SUCCESS);
        String log = JenkinsRule.getLog(run);
        assertThat(archived(run, "seen")).isEqualTo(other.id());
        assertThat(log.lines())
                .as(log)
                .filteredOn(line -> line.contains("the use of CI token \"mine\""))
                .singleElement()
                .asString()
                .contains("was ended", other.id(), qwiet.organization().id());
    }

    /** One was asked for around the step, and an audit revoked it: the line says so, not that there was none. */
    @Test
    void theLineNamesTheTokenThatWasAskedForAroundTheStep() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, with("""
                node {
                  qwietCiToken(label: 'first')
                  qwietTokenAudit()
                  parallel two: {
                    qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER'); env.SECOND = 'yes'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' }
                  }, one: {
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }; qwietCiToken(label: 'one'); env.FIRST = 'yes'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' }
                  }, three: { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }; sh 'true'; env.DONE = 'yes' }
                }
                """));
        assertThat(JenkinsRule.getLog(run))
                .doesNotContain("no qwietCiToken was run in the branches around")
                .contains("the use of CI token \"first\"", "SHIFTLEFT_ACCESS_TOKEN holds CI token \"one\"");
    }

    /** It has set both variables for itself, before the other branch asks for its token, or after. */
    @Test
    void aBranchThatSetItsOwnIsNotTakenToAnotherOrganization() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, with("""
                pipeline {
                  agent any
                  stages { stage('all') { parallel {
                    stage('one') {
                      environment {
                        SHIFTLEFT_ACCESS_TOKEN = 'mine'
                        SHIFTLEFT_ORG_ID = 'my-organization'
                      }
                      steps {
                        script { env.SEEN = 'yes' }
                        waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { env.FIRST == 'yes' } }
                        sh 'set +x; printf "%s %s" "$SHIFTLEFT_ACCESS_TOKEN" "$SHIFTLEFT_ORG_ID" > seen'
                        archiveArtifacts 'seen'
                        script { env.DONE = 'yes' }
                      }
                    }
                    stage('two') { steps {
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { env.SEEN == 'yes' } }
                      qwietCiToken(label: 'a', credentialsId: 'other', orgId: 'OTHER')
                      script { env.FIRST = 'yes' }
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { env.DONE == 'yes' } }
                    } }
                  } } }
                }
                """));
        assertThat(archived(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo("mine my-organization");
    }
}
