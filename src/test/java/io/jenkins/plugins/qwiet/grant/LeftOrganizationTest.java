package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Of a token whose variable another took, the organization is left in a variable of its own; beside tokens of another one. */
class LeftOrganizationTest extends OnTwoOrganizations {
    /** The second token takes both variables of the first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void doesNotComeBackWithoutItsToken(boolean revoked) throws Exception {
        Paused build = paused(ofTwo("""
                node {
                parallel one: {
                  qwietCiToken(label: 'first', credentialsId: 'other', orgId: 'OTHER')
                  qwietCiToken(label: 'second')
                  semaphore 'PAUSE'
                  sh 'set +x; printf "%s of %s" "${SHIFTLEFT_ACCESS_TOKEN:+a token}" "$SHIFTLEFT_ORG_ID" > seen'
                  archiveArtifacts 'seen'
                  env.SEEN = 'yes'
                }, two: {
                  WAIT_FOR(SEEN)
                }
                }
                """));
        if (revoked) {
            revoke(build.run(), "second");
        }

        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(archived(run, "seen"))
                .isEqualTo(
                        revoked ? " of " : "a token of " + qwiet.organization().id());
    }

    /** Another branch has a token in a variable of its own, and its organization in the same one. */
    @Test
    void isThatOfTheNearestToken() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, ofTwo("""
                node {
                parallel one: {
                  qwietCiToken(label: 'first', orgVariable: 'ORG')
                  qwietCiToken(label: 'second', orgVariable: 'SECOND_ORG')
                  env.FIRST = 'yes'
                  WAIT_FOR(SECOND)
                  sh 'set +x; printf %s "$ORG" > seen'
                  archiveArtifacts 'seen'
                  env.SEEN = 'yes'
                }, two: {
                  WAIT_FOR(FIRST)
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER', variable: 'TWO', orgVariable: 'ORG')
                  env.SECOND = 'yes'
                  WAIT_FOR(SEEN)
                }
                }
                """));
        assertThat(archived(run, "seen")).isEqualTo(qwiet.organization().id());
    }

    /** Whether or not a third one took the token's variable meanwhile. */
    @ParameterizedTest
    @CsvSource({
        "SECOND, TWO, ORG",
        "SHIFTLEFT_ACCESS_TOKEN, TWO, ORG",
        "SECOND, ORG, TWO_ORG",
        "SHIFTLEFT_ACCESS_TOKEN, ORG, TWO_ORG"
    })
    void theLogNamesWhatElseIsInItsVariable(String second, String variable, String orgVariable) throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                ofTwo("""
                parallel one: {
                  qwietCiToken(label: 'first', orgVariable: 'ORG')
                  qwietCiToken(label: 'second', variable: 'SECOND_VARIABLE', orgVariable: 'SECOND_ORG')
                  env.FIRST = 'yes'
                  WAIT_FOR(TWO_IS_THERE)
                }, two: {
                  WAIT_FOR(FIRST)
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER', variable: 'VARIABLE', orgVariable: 'ORG_OF_TWO')
                  env.TWO_IS_THERE = 'yes'
                }
                """)
                        .replace("SECOND_VARIABLE", second)
                        .replace("'VARIABLE'", "'" + variable + "'")
                        .replace("ORG_OF_TWO", orgVariable));
        assertThat(JenkinsRule.getLog(run).lines())
                .anyMatch(line -> line.contains("ORG")
                        && line.contains("\"first\"")
                        && line.contains("\"two\"")
                        && line.contains("orgVariable"));
    }

    private String ofTwo(String script) {
        return script.replace("OTHER", other.id())
                .replaceAll(
                        "WAIT_FOR\\((.*)\\)",
                        "waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.$1 == 'yes' }");
    }

    private static void revoke(WorkflowRun run, String label) throws Exception {
        var store = JenkinsLeases.get().leasing().store();
        BuildTokens tokens = BuildTokens.of(run).orElseThrow();
        TokenRecord token = tokens.getTokens().stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow();
        TokenRevoker.recall(List.of(store.find(token.nonce()).orElseThrow())).get();
        await().until(() -> tokens.current(token.lineId()).isEmpty());
    }
}
