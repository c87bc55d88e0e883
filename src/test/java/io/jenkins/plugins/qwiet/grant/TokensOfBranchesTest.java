package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A branch that asks for a token of its own works with that, whatever the others ask for. */
class TokensOfBranchesTest extends OnOneClock {
    private FakeOrganization other;

    @BeforeEach
    void twoOrganizations() throws Exception {
        other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
    }

    private static String seen(WorkflowRun run, String name) throws IOException {
        return archived(run, name);
    }

    @Test
    void aBranchScansIntoTheOrganizationThatItAskedFor() throws Exception {
        Paused build = paused("""
                parallel one: { node {
                  qwietCiToken(label: 'one')
                  env.FIRST = 'yes'
                  semaphore 'PAUSE'
                  parallel nested: {
                    sh 'set +x; printf "%s %s" "$SHIFTLEFT_ORG_ID" "$SHIFTLEFT_ACCESS_TOKEN" > seen'
                  }
                  archiveArtifacts 'seen'
                  env.SCANNED = 'yes'
                } }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                  echo 'two has one'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                }
                """.replace("OTHER", other.id()));
        jenkins.waitForMessage("two has one", build.run());
        String first = token("one").value();
        assertThat(first).isNotNull();

        WorkflowRun run = build.goOn(Result.SUCCESS);

        assertThat(seen(run, "seen")).isEqualTo(qwiet.organization().id() + " " + first);
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    /** What comes later sees the one that was bound last, as after any other step. */
    @Test
    void whatComesAfterTheBranchesSeesTheLast() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  parallel one: {
                    qwietCiToken(label: 'one')
                    env.FIRST = 'yes'
                  }, two: {
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                    qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                  }
                  sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                  archiveArtifacts 'seen'
                }
                """.replace("OTHER", other.id()));

        assertThat(seen(run, "seen")).isEqualTo(other.id());
        assertThat(JenkinsRule.getLog(run).lines())
                .filteredOn(line -> line.contains("in the branches around this step"))
                .singleElement()
                .asString()
                .contains(other.id(), qwiet.organization().id());
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    /** One that was asked for before all branches stays what everything outside of the branch sees. */
    @Test
    void aBranchTakesNothingElseToItsOrganization() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node {
                  qwietCiToken(label: 'first')
                  parallel one: {
                    qwietCiToken(label: 'second', credentialsId: 'other', orgId: 'OTHER')
                    sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > one'
                    env.SECOND = 'yes'
                  }, two: {
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                    sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > two'
                  }
                  sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > after'
                  archiveArtifacts 'one,two,after'
                }
                """.replace("OTHER", other.id()));

        assertThat(seen(run, "one")).isEqualTo(other.id());
        assertThat(seen(run, "two")).isEqualTo(qwiet.organization().id());
        assertThat(seen(run, "after")).isEqualTo(qwiet.organization().id());
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    private List<String> living() {
        return qwiet.organization().liveTokens().stream().map(FakeToken::value).toList();
    }

    @Test
    void branchesThatAskAtTheSameMomentKeepTheirOwn() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                def done = 0
                def branches = [:]
                for (int i = 0; i < 8; i++) {
                  int n = i
                  branches["b$n"] = {
                    if (n % 2 == 0) { qwietCiToken(label: "t$n") }
                    else { qwietCiToken(label: "t$n", credentialsId: 'other', orgId: 'OTHER') }
                    done++
                    waitUntil(initialRecurrencePeriod: 100, quiet: true) { done == 8 }
                    sh "set +x; printf %s \\"\\$SHIFTLEFT_ORG_ID\\" > seen-$n"
                  }
                }
                node { parallel branches; archiveArtifacts 'seen-*' }
                """.replace("OTHER", other.id()));
        List<String> wrong = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            String wanted = n % 2 == 0 ? qwiet.organization().id() : other.id();
            String got = seen(run, "seen-" + n);
            if (!got.equals(wanted)) {
                wrong.add("branch " + n + " wanted " + wanted + " got " + got);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(JenkinsRule.getLog(run)).doesNotContain("for all branches");
    }

    /** The branch has a token of its own: a nested branch of it asked for that. */
    @Test
    void aBranchKeepsWhatItsNestedBranchAskedFor() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                node { parallel one: {
                  parallel nested: { qwietCiToken(label: 'one') }
                  env.FIRST = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                  sh 'set +x; printf %s "$SHIFTLEFT_ORG_ID" > seen'
                  archiveArtifacts 'seen'
                  env.SCANNED = 'yes'
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.FIRST == 'yes' }
                  qwietCiToken(label: 'two', credentialsId: 'other', orgId: 'OTHER')
                  env.SECOND = 'yes'
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SCANNED == 'yes' }
                } }
                """.replace("OTHER", other.id()));

        assertThat(seen(run, "seen")).isEqualTo(qwiet.organization().id());
    }

    private static final String CELLS = """
            def done = 0
            def branches = [:]
            for (int i = 0; i < 4; i++) {
              int n = i
              branches["b$n"] = {
                waitUntil(initialRecurrencePeriod: 50, quiet: true) { done == n }
                qwietCiToken(label: "t$n", validFor: 600)
                done++
                waitUntil(initialRecurrencePeriod: 50, quiet: true) { done == 4 + n }
                AUDIT
                done++
              }
            }
            parallel branches
            semaphore 'PAUSE'
            """;

    /** Four cells of a matrix, each with an audit at its end: nobody can see the tokens of three of them any more. */
    @Test
    void theAuditsOfAllBranchesLeaveNoTokenThatNobodyWillSee() throws Exception {
        Paused build = paused(CELLS.replace("AUDIT", "qwietTokenAudit()"));
        List<String> left = living();
        build.goOn(Result.SUCCESS);

        assertThat(left).hasSizeLessThanOrEqualTo(1);
    }

    /** Tokens of finished branches whose variable a later one has are not renewed for nobody. */
    @Test
    void tokensOfFinishedBranchesAreNotRenewedForNobody() throws Exception {
        Paused build = paused(CELLS.replace("AUDIT", "echo 'x'"));
        long before = qwiet.organization().minted();
        pass(Duration.ofSeconds(401));
        passEachSecond(3);
        long after = qwiet.organization().minted();
        build.goOn(Result.SUCCESS);

        assertThat(after - before).isLessThanOrEqualTo(1);
    }
}
