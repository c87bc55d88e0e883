package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** A process tells the cases of a name apart: a token stands in its variable as it was asked for, whoever wrote that otherwise. */
class SpellingsOfVariablesTest extends OnJenkins {
    private static final String LOOK = "sh 'set +x; printf %s \"$QWIET_TOKEN\" > seen'\narchiveArtifacts 'seen'\n";

    private static String seen(WorkflowRun run) throws Exception {
        return archived(run, "seen");
    }

    @Test
    void theSecondTokenIsInTheVariableThatItNames() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'first', variable: 'qwiet_token')
                  qwietCiToken(label: 'second', variable: 'QWIET_TOKEN')
                  LOOK
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(run)).isEqualTo(valueOf("second"));
    }

    @Test
    void theInnerBlockIsInTheVariableThatItNames() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  withQwietCiToken(label: 'first', variable: 'qwiet_token') {
                    withQwietCiToken(label: 'second', variable: 'QWIET_TOKEN') {
                      LOOK
                    }
                  }
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(run)).isEqualTo(valueOf("second"));
    }

    /** One stage is of an older shared library, one of the newer. */
    @Test
    void theBlockAfterAnotherIsInTheVariableThatItNames() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  withQwietCiToken(label: 'first', variable: 'qwiet_token') { echo 'scans' }
                  withQwietCiToken(label: 'second', variable: 'QWIET_TOKEN') {
                    LOOK
                  }
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(run)).isEqualTo(valueOf("second"));
    }

    @Test
    void aBranchIsNotNamedByAnother() throws Exception {
        Paused build = paused("""
                node {
                  parallel one: { withQwietCiToken(label: 'first', variable: 'qwiet_token') {
                    env.FIRST = 'yes'
                    semaphore 'PAUSE'
                  } },
                  two: {
                    waitUntil(initialRecurrencePeriod: 100) { env.FIRST == 'yes' }
                    withQwietCiToken(label: 'second', variable: 'QWIET_TOKEN') {
                      LOOK
                    }
                  }
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(build.goOn(Result.SUCCESS))).isEqualTo(valueOf("second"));
    }

    @Test
    void aBindingIsInTheVariableThatItNames() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'first', variable: 'qwiet_token')
                  withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'second', variable: 'QWIET_TOKEN')]) {
                    LOOK
                  }
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(run)).isEqualTo(valueOf("second"));
    }
}
