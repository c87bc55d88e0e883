package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** The audit of whichever branch is the last leaves what was there before the branches. */
class AuditInBranchesTest extends OnJenkins {
    private static final String LOOK =
            "sh 'set +x; printf %s \"$SHIFTLEFT_ACCESS_TOKEN\" > seen'\narchiveArtifacts 'seen'\n";

    private static String seen(WorkflowRun run) throws Exception {
        try (var in = run.getArtifactManager().root().child("seen").open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** For each cell but the last one, the token that was minted before the matrix is "in use". */
    @Test
    void theAuditOfTheLastCellLeavesWhatTheNextStageUses() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                pipeline {
                  agent any
                  stages {
                    stage('mint') { steps { qwietCiToken(label: 'rest') } }
                    stage('cells') {
                      matrix {
                        axes { axis { name 'CELL'; values 'a', 'b', 'c' } }
                        stages {
                          stage('scan') {
                            steps { script { if (env.CELL == 'c') { sleep 6 } } }
                            post { always { qwietTokenAudit(ownTokenLive: 'FAIL', leftByBuild: 'FAIL') } }
                          }
                        }
                      }
                    }
                    stage('deploy') { steps { LOOK } }
                  }
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(run)).isEqualTo(valueOf("rest"));
    }

    /** The same with a plain {@code parallel}, whose branches end in any order. */
    @Test
    void theAuditOfTheLastBranchLeavesWhatComesAfterTheParallel() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'rest')
                  parallel quick: { qwietTokenAudit(ownTokenLive: 'FAIL') }, long: { sleep 3
                      qwietTokenAudit(ownTokenLive: 'FAIL') }
                  LOOK
                }
                """.replace("LOOK", LOOK));
        assertThat(seen(run)).isEqualTo(valueOf("rest"));
    }
}
