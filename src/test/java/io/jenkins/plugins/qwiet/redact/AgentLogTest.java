package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A process that runs already prints a token that is minted while it runs. */
class AgentLogTest extends OnJenkins {
    @AfterEach
    void asItWas() {
        DurableTaskStep.USE_WATCHING = false;
    }

    @ParameterizedTest(name = "the agent writes the log: {0}")
    @ValueSource(booleans = {false, true})
    void hidesATokenInAStepThatBeganBeforeItWasMinted(boolean onAgent) throws Exception {
        DurableTaskStep.USE_WATCHING = onAgent;
        String pause = newName();
        String agent = jenkins.createOnlineSlave().getNodeName();
        WorkflowRun run = job("""
                node('AGENT') {
                  parallel early: {
                    sh '''set +x
                      echo early is up
                      while [ ! -e token ]; do sleep 0.1; done
                      echo "early: $(cat token) and $(cut -d. -f3 token)"
                    '''
                  }, late: {
                    semaphore 'PAUSE'
                    qwietCiToken(label: 'late')
                    sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > part; mv part token'
                  }
                }
                """.replace("AGENT", agent).replace("PAUSE", pause))
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("early is up", run);

        SemaphoreStep.success(pause + "/1", null);

        jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("early: **** and ****", run);
        jenkins.assertLogNotContains(valueOf("late"), run);
    }

    @ParameterizedTest(name = "the agent writes the log: {0}")
    @ValueSource(booleans = {false, true})
    void losesNothingAtTheEndOfALog(boolean onAgent) throws Exception {
        DurableTaskStep.USE_WATCHING = onAgent;
        WorkflowRun run = build(
                Result.SUCCESS, """
                qwietCiToken(label: 'end')
                node('AGENT') {
                  sh 'set +x; printf "begins like a token: eyJhbGci"'
                  sh 'set +x; printf "whole: %s" "$SHIFTLEFT_ACCESS_TOKEN"'
                }
                """.replace("AGENT", jenkins.createOnlineSlave().getNodeName()));

        jenkins.assertLogContains("begins like a token: eyJhbGci", run);
        jenkins.assertLogContains("whole: ****", run);
    }

    @Test
    void tellsAnAgentOnlyWhatItsStepsCanPrint() throws Exception {
        DurableTaskStep.USE_WATCHING = true;
        Slave with = jenkins.createOnlineSlave();
        Slave without = jenkins.createOnlineSlave();
        Paused build = paused("""
                parallel block: {
                  withQwietCiToken(label: 'of a block') { node('WITH') { sh 'echo with'; semaphore 'PAUSE' } }
                }, copy: {
                  node('WITHOUT') { sh 'echo without' }
                }
                """.replace("WITHOUT", without.getNodeName()).replace("WITH", with.getNodeName()));
        String value = token("of a block").value();
        jenkins.waitForMessage("+ echo without", build.run());

        assertThat(with.getChannel().call(new HiddenByAgent(value))).isTrue();
        assertThat(without.getChannel().call(new HiddenByAgent(value))).isFalse();
        build.goOn(Result.SUCCESS);
        await().untilAsserted(() ->
                assertThat(with.getChannel().call(new HiddenByAgent(value))).isFalse());
    }

    @Test
    void hidesACopyInTheEnvironmentOfAnotherBranch() throws Exception {
        DurableTaskStep.USE_WATCHING = true;
        String agent = jenkins.createOnlineSlave().getNodeName();
        Paused build = paused("""
                def there = false
                parallel block: {
                  withQwietCiToken(label: 'copied') {
                    env.COPY = env.SHIFTLEFT_ACCESS_TOKEN
                    there = true
                    semaphore 'PAUSE'
                  }
                }, copy: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { there }
                  node('AGENT') { sh 'set +x; echo "copy: <$COPY> ${#COPY}"; echo end; sleep 2' }
                }
                """.replace("AGENT", agent));
        jenkins.waitForMessage("end", build.run());

        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogContains("copy: <****> " + valueOf("copied").length(), run);
        jenkins.assertLogNotContains(valueOf("copied"), run);
    }

    /** The block is on the agent, and so is a file that holds the token; the variable is taken away from what runs there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'file', variable: 'TOKEN') { BODY }",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'file', variable: 'TOKEN')]) { BODY }",
            })
    void anAgentHidesTheTokenOfItsBlockThoughTheVariableIsSetToSomethingElse(String form) throws Exception {
        DurableTaskStep.USE_WATCHING = true;
        String agent = jenkins.createOnlineSlave().getNodeName();
        WorkflowRun run = build(Result.SUCCESS, form.replace("BODY", """
                node('AGENT') {
                  writeFile file: 'cfg', text: env.TOKEN
                  withEnv(['TOKEN=']) { sh 'set +x; cat cfg; echo; xxd -p cfg; echo =end=; sleep 3' }
                }
                """.replace("AGENT", agent)));
        String value = valueOf("file");
        jenkins.assertLogContains("=end=", run);
        assertThat(new Leaks(value).in(JenkinsRule.getLog(run)))
                .as(JenkinsRule.getLog(run))
                .isFalse();
    }

    @Test
    void aLogIsMaskedThoughAnotherStepWritesWithoutAnEndOfLine() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                qwietCiToken(label: 'parts', variable: 'T')
                node {
                  sh 'set +x; for c in $(printf %s "$T" | sed "s/./& /g"); do printf %s "$c"; sleep 0.001; done; echo; printf "count: 4"'
                  echo 'next'
                }
                """);
        jenkins.assertLogContains("count: 4", run);
        jenkins.assertLogNotContains(signature(valueOf("parts")), run);
        assertThat(new Leaks(valueOf("parts")).in(JenkinsRule.getLog(run))).isFalse();
    }
}
