package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Ordinary scripts have no lines in their logs that say nothing to anybody. */
class LinesWithoutNeedTest extends OnTwoOrganizations {
    /** Each branch of a parallel has asked for its own; no step of the build is without one. */
    @Test
    void branchesThatHaveTheirOwnNeedNoLine() throws Exception {
        WorkflowRun run =
                build(Result.SUCCESS, """
                def scan(org, account, next) {
                  qwietCiToken(label: 'of ' + next, orgId: org, credentialsId: account)
                  env."$next" = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.A == 'yes' && env.B == 'yes' && env.C == 'yes' }
                  sh 'true'
                }
                node { parallel a: { scan('OWN', 'qwiet', 'A') }, b: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.A == 'yes' }
                  scan('OTHER', 'other', 'B')
                }, c: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.B == 'yes' }
                  scan('OWN', 'qwiet', 'C')
                } }
                """.replace("OWN", qwiet.organization().id())
                        .replace("OTHER", other.id())
                        .replace("'qwiet'", "null"));
        assertThat(JenkinsRule.getLog(run).lines())
                .filteredOn(line -> line.contains("in the branches around this step"))
                .isEmpty();
    }

    /** Two organizations in branches that each audit at their end; the stage after them uses no token. */
    @Test
    void branchesThatAudit() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  stages {
                    stage('all') { parallel {
                      stage('one') {
                        steps { qwietCiToken(label: 'one'); script { env.FIRST = 'yes' }; sh 'true' }
                        post { always { qwietTokenAudit() ; sh 'echo one is over'} }
                      }
                      stage('two') {
                        steps {
                          script { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' } }
                          qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER'); sh 'true'
                        }
                        post { always { qwietTokenAudit(); sh 'echo two is over'  } }
                      }
                    } }
                    stage('after') { steps { sh 'echo after' } }
                  }
                }
                """.replace("OTHER", other.id()));
        assertThat(JenkinsRule.getLog(run)).doesNotContain("was ended");
    }

    /** There is one token in this build: none "took its place". */
    @Test
    void aCopyAfterItsBlockIsNotToldOfAnotherToken() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  withQwietCiToken(label: 'block') {
                    env.SCAN_AUTH = "Bearer ${env.SHIFTLEFT_ACCESS_TOKEN}"
                    sh 'true'
                  }
                  sh 'echo deploy'
                }
                """);
        assertThat(JenkinsRule.getLog(run)).doesNotContain("The copy is not");
    }

    /** A template of a shared library, called for each module, sets a copy before it uses it. */
    @Test
    void aTemplateThatIsCalledTwiceNeedsNoLine() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                def scan(module) {
                  withQwietCiToken(label: module) {
                    sh 'echo build'
                    env.SCAN_AUTH = "Bearer ${env.SHIFTLEFT_ACCESS_TOKEN}"
                    sh 'echo scan'
                  }
                }
                node { scan('a'); scan('b'); scan('c') }
                """);
        assertThat(JenkinsRule.getLog(run).lines())
                .filteredOn(line -> line.contains("SCAN_AUTH"))
                .isEmpty();
    }

    /** The script sets a variable of its own to the token, and takes another one for the same later, in a nested block. */
    @Test
    void retryAndFailFast() throws Exception {
        WorkflowRun run = build(Result.FAILURE, """
                pipeline {
                  agent any
                  options { parallelsAlwaysFailFast() }
                  stages {
                    stage('all') { parallel {
                      stage('one') {
                        steps { retry(2) {
                          qwietCiToken(label: 'one')
                          script { env.TOKEN_1 = env.SHIFTLEFT_ACCESS_TOKEN; env.FIRST = 'yes' }
                          sh 'test -n "$TOKEN_1"'
                          waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { env.SECOND == 'yes' } }
                          error 'broken'
                        } }
                        post { always { sh 'echo post of one'; qwietTokenAudit() } }
                      }
                      stage('two') {
                        steps {
                          qwietCiToken(label: 'two')
                          script { env.SECOND = 'yes' }
                          waitUntil(initialRecurrencePeriod: 100, quiet: true) { script { false } }
                        }
                        post { always { sh 'echo post of two'; qwietTokenAudit() } }
                      }
                    } }
                  }
                  post { always { sh 'echo the end'; qwietTokenAudit() } }
                }
                """);
        assertThat(JenkinsRule.getLog(run)).doesNotContain("was ended").doesNotContain("The copy is not");
    }

    /** What only keeps files uses no token. */
    @Test
    void archivingAfterBranchesOfTwoOrganizations() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  writeFile file: 'report', text: 'x'
                  parallel one: { qwietCiToken(label: 'a', credentialsId: 'other', orgId: 'OTHER'); sh 'true' },
                    two: { qwietCiToken(label: 'b'); sh 'true' }
                  archiveArtifacts 'report'
                  fingerprint 'report'
                  stash name: 'x', includes: 'report'
                }
                """.replace("OTHER", other.id()));
        assertThat(JenkinsRule.getLog(run)).doesNotContain("no qwietCiToken was run");
    }
}
