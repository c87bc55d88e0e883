package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Another token takes the variable of a token, but not the one for the ID of its organization; other branches run, so both live. */
class SupersededOrganizationTest extends OnOneClock {
    @ParameterizedTest
    @CsvSource({"SECOND, false", "SHIFTLEFT_ACCESS_TOKEN, false", "SHIFTLEFT_ACCESS_TOKEN, true"})
    void standsThereWhileItsTokenLives(String variable, boolean hadOneBefore) throws Exception {
        var global = new EnvironmentVariablesNodeProperty(
                new EnvironmentVariablesNodeProperty.Entry(hadOneBefore ? "FIRST_ORG" : "NONE", "old"));
        jenkins.jenkins.getGlobalNodeProperties().add(global);
        try {
            WorkflowRun run = assertStandsThere(variable);
            // Groovy itself sees what the node sets, whatever token there is.
            jenkins.assertLogContains(
                    "Groovy sees "
                            + (hadOneBefore ? "old" : qwiet.organization().id()),
                    run);
        } finally {
            jenkins.jenkins.getGlobalNodeProperties().remove(global);
        }
    }

    private WorkflowRun assertStandsThere(String variable) throws Exception {
        Paused build = paused("""
                node {
                parallel one: {
                  qwietCiToken(label: 'first', orgVariable: 'FIRST_ORG')
                  qwietCiToken(label: 'second', variable: 'VARIABLE')
                  echo "Groovy sees ${env.FIRST_ORG}"
                  sh 'set +x; printf %s "$FIRST_ORG" > seen'
                  archiveArtifacts 'seen'
                  semaphore 'PAUSE'
                  env.SEEN = 'yes'
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SEEN == 'yes' }
                }
                }
                """.replace("VARIABLE", variable));
        assertThat(qwiet.organization().isLive(valueOf("first"))).isTrue();
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(archived(run, "seen")).isEqualTo(qwiet.organization().id());
        assertThat(JenkinsRule.getLog(run)).doesNotContain("is no longer valid");
        return run;
    }
}
