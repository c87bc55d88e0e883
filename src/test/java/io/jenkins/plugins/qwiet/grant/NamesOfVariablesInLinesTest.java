package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Lines name the variable that they are about. */
class NamesOfVariablesInLinesTest extends OnJenkins {
    private FakeOrganization other;

    @BeforeEach
    void twoOrganizations() throws Exception {
        other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
    }

    @AfterEach
    void noTokenIsLeftThere() {
        await().untilAsserted(() -> assertThat(other.liveTokens()).isEmpty());
    }

    /** The variable of the organization holds its ID, not a token. */
    @Test
    void theVariableOfTheOrganizationHoldsNoToken() throws Exception {
        Paused build = paused("""
                node {
                  qwietCiToken(label: 'a', variable: 'TOKEN_A')
                  qwietCiToken(label: 'b', variable: 'TOKEN_B', credentialsId: 'other', orgId: 'OTHER')
                  semaphore 'PAUSE'
                  sh 'echo scan'
                }
                """.replace("OTHER", other.id()));
        WorkflowRun run = build.run();
        TokenRecord b = BuildTokens.of(run).orElseThrow().getTokens().stream()
                .filter(token -> token.label().equals("b"))
                .findFirst()
                .orElseThrow();
        TokenRevoker.recall(List.of(
                        JenkinsLeases.get().leasing().store().find(b.nonce()).orElseThrow()))
                .get();
        await().until(() -> BuildTokens.of(run).orElseThrow().getTokens().stream()
                .noneMatch(token -> token.label().equals("b") && token.isCurrent()));
        build.goOn(Result.SUCCESS);
        String log = JenkinsRule.getLog(run);
        assertThat(log).doesNotContain("SHIFTLEFT_ORG_ID holds CI token");
    }

    /** Rule 2 and 3, with texts and copies in turn. */
    @Test
    void textsAndCopiesInTurn() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'o', variable: 'OTHER_TOKEN')
                  env.SHIFTLEFT_ACCESS_TOKEN = 'text'
                  qwietCiToken(label: 'rest')
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > s1'
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > s2'
                  env.SHIFTLEFT_ACCESS_TOKEN = 'text'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > s3'
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  env.ANY = 'thing'
                  qwietCiToken(label: 'rest2')
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > s4'
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > s5'
                  archiveArtifacts 's*'
                }
                """);
        String log = JenkinsRule.getLog(run);
        assertThat(archived(run, "s1")).as(log).isEqualTo(valueOf("rest"));
        assertThat(archived(run, "s2")).as(log).isEqualTo(valueOf("o"));
        assertThat(archived(run, "s3")).as(log).isEqualTo("text");
        assertThat(archived(run, "s4")).as(log).isEqualTo(valueOf("rest2"));
        assertThat(archived(run, "s5")).as(log).isEqualTo(valueOf("o"));
    }
}
