package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.kohsuke.stapler.DataBoundConstructor;

/** What a script sets in a block stays, whatever another branch asks for there. */
class WordsInBlocksTest extends OnJenkins {
    @Test
    void whatTheScriptSetInABlockWinsAlsoWhenAnotherBranchAsksThereLater() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node { withQwietCiToken(label: 'block') { parallel one: {
                  env.SHIFTLEFT_ACCESS_TOKEN = 'mine'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                  env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen2'
                  archiveArtifacts 'seen*'
                  env.SCANNED = 'yes'
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  qwietCiToken(label: 'two')
                  env.SECOND = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                } } }
                """);
        assertThat(archived(run, "seen1")).isEqualTo("mine");
        assertThat(archived(run, "seen2")).as(JenkinsRule.getLog(run)).isEqualTo("mine");
    }

    /** After the branches the block has its own token again, so the word that came after that one holds, too. */
    @Test
    void whatTheScriptSetInABlockWinsAlsoAfterItsBranches() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  options { withQwietCiToken(label: 'block') }
                  stages {
                    stage('set') { steps { script { env.SHIFTLEFT_ACCESS_TOKEN = 'mine' } } }
                    stage('all') { parallel {
                      stage('one') { steps { qwietCiToken(label: 'one') } }
                      stage('two') { steps { echo 'two' } }
                    } }
                    stage('after') { steps {
                      sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                      archiveArtifacts 'seen'
                    } }
                  }
                }
                """);
        String seen = archived(run, "seen");
        assertThat(seen)
                .as((seen.equals(valueOf("block")) ? "block's\n" : "")
                        + (seen.equals(valueOf("one")) ? "one's\n" : "")
                        + JenkinsRule.getLog(run))
                .isEqualTo("mine");
    }

    /** What a block sets in a branch stays the branch's word, whatever another one asks for next. */
    @ParameterizedTest
    @ValueSource(strings = {"withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine'])", "wrap([$class: 'Mine'])"})
    void whatABranchSetForItselfIsNotDropped(String block) throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node { parallel one: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  BLOCK {
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                    env.SEEN = 'yes'
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen2'
                    env.DONE = 'yes'
                  }
                  archiveArtifacts 'seen*'
                }, two: {
                  qwietCiToken(label: 'a'); env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SEEN == 'yes' }
                  qwietCiToken(label: 'b'); env.SECOND = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' }
                } }
                """.replace("BLOCK", block));
        assertThat(archived(run, "seen1")).isEqualTo("mine");
        assertThat(archived(run, "seen2")).isEqualTo("mine");
        jenkins.assertLogContains("sets SHIFTLEFT_ACCESS_TOKEN itself instead of CI token \"a\"", run);
    }

    /** What is set around both branches was there before, and yields. */
    @ParameterizedTest
    @ValueSource(strings = {"withEnv(['SHIFTLEFT_ACCESS_TOKEN=mine'])", "wrap([$class: 'Mine'])"})
    void whatIsSetAroundTheBranchesYields(String block) throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node { BLOCK { parallel one: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  archiveArtifacts 'seen'
                  env.DONE = 'yes'
                }, two: {
                  qwietCiToken(label: 'a'); env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.DONE == 'yes' }
                } } }
                """.replace("BLOCK", block));
        assertThat(archived(run, "seen")).isEqualTo(valueOf("a"));
    }

    /** Sets the variable as any plugin may, without a word about it in the Pipeline. */
    public static class Mine extends AnotherPlugin {
        @DataBoundConstructor
        public Mine() {
            super("mine");
        }

        /** The form. */
        @TestExtension
        public static class DescriptorImpl extends Form {}
    }
}
