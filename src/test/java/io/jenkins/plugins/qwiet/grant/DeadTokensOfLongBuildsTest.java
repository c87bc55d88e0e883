package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What dies while its build goes on does not pile up there, and is told as it is. */
class DeadTokensOfLongBuildsTest extends OnOneClock {
    @Test
    void supersededTokensThatDiedDoNotFillTheRecordOfALongBuild() throws Exception {
        Paused build = paused("""
                parallel long: { semaphore 'PAUSE' }, quick: {
                  for (int i = 0; i < 20; i++) { qwietCiToken(label: "t$i", validFor: 60) }
                  echo 'quick is through'
                }
                """);
        jenkins.waitForMessage("quick is through", build.run());
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(41));
            passEachSecond(3);
        }
        try {
            assertThat(BuildTokens.of(build.run()).orElseThrow().getTokens())
                    .filteredOn(token -> token.value() != null)
                    .hasSizeLessThan(6);
        } finally {
            build.goOn(Result.SUCCESS);
        }
    }

    @Test
    void anAuditDoesNotCallADeadTokenInUse() throws Exception {
        Paused build = paused("""
                parallel other: { semaphore 'OTHER' }, quick: {
                  qwietCiToken(label: 'older', validFor: 60)
                  qwietCiToken(label: 'newer', validFor: 3600)
                  semaphore 'PAUSE'
                  qwietTokenAudit(ownTokenLive: 'FAIL')
                }
                """.replace("OTHER", "other-branch"));
        pass(Duration.ofSeconds(120));
        SemaphoreStep.success(build.pause() + "/1", null);
        jenkins.waitForMessage("Organization ", build.run());
        String log = JenkinsRule.getLog(build.run());
        SemaphoreStep.success("other-branch/1", null);
        jenkins.waitForCompletion(build.run());
        assertThat(log).doesNotContainPattern("older +\\S+ +in use");
    }

    @Test
    void aBindingOfAMinuteDoesNotSayThatAMinuteIsLeft() throws Exception {
        Paused build = paused(
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'bound', validFor: 60)]) { semaphore 'PAUSE' }");
        pass(Duration.ofSeconds(41));
        jenkins.waitForMessage("cannot be renewed in this form", build.run());
        WorkflowRun run = build.goOn(Result.SUCCESS);
        jenkins.assertLogNotContains("minutes", run);
        assertThat(JenkinsRule.getLog(run)).containsPattern("expires in 1[0-9] s, at ");
    }
}
