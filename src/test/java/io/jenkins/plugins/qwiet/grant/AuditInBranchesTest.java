package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** The audit of whichever branch is the last leaves what was there before the branches. */
class AuditInBranchesTest extends OnJenkins {
    private static final String LOOK =
            "sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > seen'\narchiveArtifacts 'seen'\n";

    private static String seen(WorkflowRun run) throws Exception {
        return archived(run, "seen");
    }

    /** For each cell but the last one, the token that was minted before the matrix is "in use". */
    @Test
    void theAuditOfTheLastCellLeavesWhatTheNextStageUses() throws Exception {
        seesTheTokenAfterwards("""
                pipeline {
                  agent any
                  stages {
                    stage('mint') { steps { qwietCiToken(label: 'rest') } }
                    stage('cells') {
                      matrix {
                        axes { axis { name 'CELL'; values 'a', 'b', 'c' } }
                        stages {
                          stage('scan') {
                            steps { script { if (env.CELL == 'c') { semaphore 'PAUSE' } } }
                            post { always { qwietTokenAudit(ownTokenLive: 'FAIL', leftByBuild: 'FAIL') } }
                          }
                        }
                      }
                    }
                    stage('deploy') { steps { LOOK } }
                  }
                }
                """);
    }

    /** The same with a plain {@code parallel}, whose branches end in any order. */
    @Test
    void theAuditOfTheLastBranchLeavesWhatComesAfterTheParallel() throws Exception {
        seesTheTokenAfterwards("""
                node {
                  qwietCiToken(label: 'rest')
                  parallel quick: { qwietTokenAudit(ownTokenLive: 'FAIL') }, long: {
                    semaphore 'PAUSE'
                    qwietTokenAudit(ownTokenLive: 'FAIL')
                  }
                  LOOK
                }
                """);
    }

    private void seesTheTokenAfterwards(String script) throws Exception {
        Paused build = paused(script.replace("LOOK", LOOK));
        await().until(() -> !OtherBranches.of(build.run()).areRunning());
        assertThat(seen(build.goOn(Result.SUCCESS))).isEqualTo(valueOf("rest"));
    }

    /** The token is of a branch that is through, and what comes later uses it. */
    @Test
    void theAuditOfTheLastBranchLeavesWhatAnotherBranchMintedForTheRest() throws Exception {
        Paused build = paused("""
                node {
                  parallel mint: { qwietCiToken(label: 'rest') }, scan: {
                    semaphore 'PAUSE'
                    qwietTokenAudit(ownTokenLive: 'FAIL')
                  }
                  LOOK
                }
                """.replace("LOOK", LOOK));
        await().until(() -> !OtherBranches.of(build.run()).areRunning());
        WorkflowRun run = build.goOn(Result.SUCCESS);
        assertThat(seen(run)).isEqualTo(valueOf("rest"));
    }
}
