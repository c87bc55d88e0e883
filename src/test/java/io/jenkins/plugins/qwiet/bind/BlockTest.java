package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.TokenRevoker;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

class BlockTest extends OnJenkins {
    /** An administrator did it. */
    @Test
    void theLogSaysThatATokenOfTheRestOfTheBuildWasRevokedMeanwhile() throws Exception {
        Paused paused = paused("qwietCiToken(label: 'scan')\nsemaphore 'PAUSE'\necho 'goes on'");
        String id = token("scan").id();
        TokenRevoker.recall(JenkinsLeases.get().leasing().store().leases()).get();
        String line = "Qwiet: revoked CI token \"scan\" (id " + id + ")";
        await().untilAsserted(() -> assertThat(JenkinsRule.getLog(paused.run())).contains(line));

        assertThat(JenkinsRule.getLog(paused.goOn(Result.SUCCESS)))
                .containsSubsequence(line, "goes on")
                .containsOnlyOnce(line)
                .doesNotContain("already revoked");
    }

    @Test
    void saysThatItsTokenWasRevokedMeanwhile() throws Exception {
        Paused paused = paused("withQwietCiToken(label: 'scan') { semaphore 'PAUSE' }");
        String id = token("scan").id();
        TokenRevoker.recall(JenkinsLeases.get().leasing().store().leases()).get();
        await().untilAsserted(() -> assertThat(
                        BuildTokens.of(paused.run()).orElseThrow().getTokens())
                .allMatch(token -> token.revokedAt() != null));

        jenkins.assertLogContains(
                "Qwiet: CI token \"scan\" (id " + id + ") was already revoked at 2", paused.goOn(Result.SUCCESS));
        assertThat(qwiet.calls(Operation.DELETE)).isEqualTo(1);
    }

    @Test
    void namesACredentialThatHoldsNoToken() throws Exception {
        QwietAccount.add(Jenkins.get(), QwietAccount.ID, " ");

        jenkins.assertLogContains(
                "The credential \"sa\" holds no token.", build(Result.FAILURE, "withQwietCiToken { error 'never' }"));
        assertThat(qwiet.requests()).isEmpty();
    }
}
