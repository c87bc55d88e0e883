package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What a branch asks for changes nothing around it, where one was asked for there. */
class BranchesInBranchesTest extends OnTwoOrganizations {
    /** usage.md: tokens of other branches change nothing in a branch that has its own; the line says so, too. */
    @Test
    void aBranchWithItsOwnIsNotTakenToTheOrganizationOfOneInsideOfIt() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node { parallel one: {
                  qwietCiToken(label: 'mine')
                  parallel n1: {
                    qwietCiToken(label: 'inner', credentialsId: 'other', orgId: 'OTHER')
                    env.INNER = 'yes'
                  }, n2: {
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.INNER == 'yes' }
                    sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen1'
                  }
                  sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen2'
                  archiveArtifacts 'seen*'
                }, two: { echo 'two' } }
                """.replace("OTHER", other.id()));
        String log = JenkinsRule.getLog(run);
        String own = qwiet.organization().id();
        boolean stays =
                archived(run, "seen1").equals(own) && archived(run, "seen2").equals(own);
        // It is the innermost branch around that has asked for one: a line that says it is not changed is untrue.
        assertThat(stays || !log.contains("where a branch has no token of its own from qwietCiToken"))
                .as("stays " + stays + "\n" + log)
                .isTrue();
    }

    /** "A block is changed by no other branch": three has none of its own from qwietCiToken, and sees the block's all the time. */
    @Test
    void theLogDoesNotSayThatABranchInABlockIsTakenToAnotherOrganization() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  options { withQwietCiToken(label: 'block') }
                  stages { stage('all') { parallel {
                    stage('one') { steps {
                      qwietCiToken(label: 'one')
                      script { env.FIRST = 'yes' }
                    } }
                    stage('two') { steps {
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { env.FIRST == 'yes' } }
                      qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                      script { env.SECOND = 'yes' }
                    } }
                    stage('three') { steps {
                      waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { env.SECOND == 'yes' } }
                      sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen1'
                    } }
                  } }
                  stage('after') { steps {
                      sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen2'
                      archiveArtifacts 'seen*'
                  } } }
                  post { always { sh 'set +x; printf %s "post $SHIFTLEFT_ORG_ID" > seen3'; archiveArtifacts 'seen3' } }
                }
                """.replace("OTHER", other.id()));
        String log = JenkinsRule.getLog(run);
        String own = qwiet.organization().id();
        assertThat(archived(run, "seen1")).isEqualTo(own);
        assertThat(archived(run, "seen2")).isEqualTo(own);
        assertThat(log.lines().filter(line -> line.contains("in the branches around this step")))
                .as(log)
                .isEmpty();
    }

    /** The token of another branch changes nothing in a block, also when the one that was asked for inside is over. */
    @Test
    void theTokenOfABlockStandsBeforeThatOfAnotherBranch() throws Exception {
        staysWithTheOther("""
                parallel x: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.THIRD == 'yes' }
                  withQwietCiToken(label: 'block', credentialsId: 'other', orgId: 'OTHER', validFor: 3600) {
                    qwietCiToken(label: 'short', credentialsId: 'other', orgId: 'OTHER', validFor: 60, renew: false)
                    LOOK
                    env.DONE = 'yes'
                  }
                }, y: { qwietCiToken(label: 'third', validFor: 3600); env.THIRD = 'yes'; waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' } }
                """);
    }

    @Test
    void theTokenOfABlockStandsBeforeThatFromOutsideOfIt() throws Exception {
        staysWithTheOther("""
                qwietCiToken(label: 'outside', validFor: 3600)
                withQwietCiToken(label: 'block', credentialsId: 'other', orgId: 'OTHER', validFor: 3600) {
                  parallel x: {
                    qwietCiToken(label: 'short', credentialsId: 'other', orgId: 'OTHER', validFor: 60, renew: false)
                    LOOK
                  }, y: { echo 'y' }
                }
                """);
    }

    /** Between two blocks, too: what was asked for in the outer one stands before that block's own, and behind the inner's. */
    @Test
    void whatWasAskedForInABlockStandsBehindTheBlocksInside() throws Exception {
        staysWithTheOther("""
                withQwietCiToken(label: 'outer', validFor: 3600) {
                  qwietCiToken(label: 'in the outer', credentialsId: 'other', orgId: 'OTHER', validFor: 3600)
                  withQwietCiToken(label: 'inner', validFor: 60, renew: false) {
                    LOOK
                  }
                }
                """);
    }

    private void staysWithTheOther(String script) throws Exception {
        Paused build = paused("node { " + script.replace("OTHER", other.id()).replace("LOOK", """
                semaphore 'PAUSE'
                sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                writeFile file: 'groovy', text: env.SHIFTLEFT_ORG_ID
                archiveArtifacts 'seen, groovy'
                """) + " }");
        pass(Duration.ofSeconds(90));
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(archived(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo(other.id());
        assertThat(archived(run, "groovy")).isEqualTo(other.id());
    }
}
