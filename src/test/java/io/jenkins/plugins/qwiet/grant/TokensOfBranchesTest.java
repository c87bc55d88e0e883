package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A branch that asks for a token of its own works with that, whatever the others ask for. */
class TokensOfBranchesTest extends OnJenkins {
    private FakeOrganization other;

    @BeforeEach
    void twoOrganizations() throws Exception {
        other = qwiet.addOrganization();
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
    }

    private static String seen(WorkflowRun run) throws IOException {
        try (var in = run.getArtifactManager().root().child("seen").open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
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

        assertThat(seen(run)).isEqualTo(qwiet.organization().id() + " " + first);
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

        assertThat(seen(run)).isEqualTo(other.id());
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    /** One that was there before all branches is everybody's, and so is what takes its place. */
    @Test
    void itIsSaidThatABranchTakesAllBranchesToAnotherOrganization() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, """
                qwietCiToken(label: 'first')
                parallel one: {
                  qwietCiToken(label: 'second', credentialsId: 'other', orgId: 'OTHER')
                  env.SECOND = 'yes'
                }, two: {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { env.SECOND == 'yes' }
                }
                """.replace("OTHER", other.id()));

        assertThat(JenkinsRule.getLog(run).lines())
                .filteredOn(line -> line.contains("for all branches"))
                .singleElement()
                .asString()
                .contains("\"first\"", other.id(), qwiet.organization().id());
    }
}
