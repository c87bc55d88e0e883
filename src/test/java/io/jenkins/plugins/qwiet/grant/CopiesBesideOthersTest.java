package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Copies of a token under other names, and whose word they are when another token takes the place of theirs. */
class CopiesBesideOthersTest extends OnTwoOrganizations {
    private String with(String script) {
        return script.replace("OTHER", other.id());
    }

    private List<String> living() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
    }

    /** Rule 3, with a copy whose token another took the place of. */
    @Test
    void whatTheScriptSetBeforeYieldsAlsoWhenAnotherTookThePlaceOfItsCopy() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'o1', variable: 'OTHER_TOKEN')
                  qwietCiToken(label: 'early')
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  qwietCiToken(label: 'rest')
                  qwietCiToken(label: 'o2', variable: 'OTHER_TOKEN')
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen1'
                  env.ANYTHING = 'else'
                  sh 'set +x; printf %s "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  archiveArtifacts 'seen*'
                }
                """);
        assertThat(archived(run, "seen1")).isEqualTo(valueOf("rest"));
        assertThat(archived(run, "seen")).as(JenkinsRule.getLog(run)).isEqualTo(valueOf("rest"));
    }

    /** Rule 2: set once more, after the token was bound; in between the copied token was renewed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheScriptSetsAfterwardsWinsAlsoIfItIsARenewedCopy(boolean again) throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'held', variable: 'OTHER_TOKEN', validFor: 60) { node {
                  BEFORE
                  qwietCiToken(label: 'rest', validFor: 3600)
                  semaphore 'PAUSE'
                  env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN
                  sh 'set +x; printf "%s %s" "$SHIFTLEFT_ACCESS_TOKEN" "$OTHER_TOKEN" > seen'
                  archiveArtifacts 'seen*'
                } }
                """.replace(
                "BEFORE", again ? "qwietCiToken(label: 'early'); env.SHIFTLEFT_ACCESS_TOKEN = env.OTHER_TOKEN" : ""));
        renew(1);
        WorkflowRun run = build.goOn(Result.SUCCESS);
        String[] seen = archived(run, "seen").split(" ");
        assertThat(seen[0]).as(JenkinsRule.getLog(run)).isEqualTo(seen[1]);
    }

    private void renew(int times) {
        for (int number = 1; number <= times; number++) {
            long minted = qwiet.organization().minted();
            pass(Duration.ofSeconds(41));
            await().until(() -> qwiet.organization().minted() > minted);
            passEachSecond(2);
        }
    }

    /** Two organizations in one build, each token under a name of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "parallel one: { qwietCiToken(label: 'one', validFor: 600); env.TOKEN_1 = env.SHIFTLEFT_ACCESS_TOKEN; env.FIRST = 'yes' }, two: { waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }; qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER', validFor: 600) }",
                "qwietCiToken(label: 'one', validFor: 600); env.TOKEN_1 = env.SHIFTLEFT_ACCESS_TOKEN; qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER', validFor: 600)"
            })
    void aCopyOfATokenOfAnotherOrganizationLivesOrTheLogSaysThatItDoesNot(String form) throws Exception {
        Paused build = paused(with("""
                node {
                  FORM
                  semaphore 'PAUSE'
                  echo 'Now it is used'
                  sh 'set +x; printf %s "$TOKEN_1" > seen'
                  archiveArtifacts 'seen'
                }
                """.replace("FORM", form)));
        for (int i = 0; i < 2; i++) {
            pass(Duration.ofSeconds(401));
            passEachSecond(3);
        }
        List<String> living = living();
        WorkflowRun run = build.goOn(Result.SUCCESS);
        String seen = archived(run, "seen");
        String log = JenkinsRule.getLog(run);
        assertThat(living.contains(seen) || log.contains("TOKEN_1"))
                .as("living: " + living.contains(seen) + "\n" + log)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ci:T@example.org/a.b-c",
                "https://T.scan-of-the-big-shop.staging.eu-west-1.example.org/",
                "T,T",
                "T_T",
                "T.T",
                "a-b-c-d-e-f-g-h-i-j-T",
                "eyJ-T"
            })
    void aCopyInALongerText(String form) throws Exception {
        Paused build = paused("""
                withQwietCiToken(label: 'held', validFor: 60) { node {
                  withEnv(["AUTH=FORM"]) {
                    semaphore 'PAUSE'
                    sh 'set +x; printf %s "$AUTH" > seen'
                    archiveArtifacts 'seen'
                  }
                } }
                """.replace("FORM", form.replace("T", "${env.SHIFTLEFT_ACCESS_TOKEN}")));
        String first = token("held").value();
        renew(1);
        assertThat(archived(build.goOn(Result.SUCCESS), "seen")).doesNotContain(first);
    }
}
