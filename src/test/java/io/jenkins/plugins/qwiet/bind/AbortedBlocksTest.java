package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever a block is aborted while it begins, its token does not wait for the end of the build. */
class AbortedBlocksTest extends OnJenkins {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'aborted')]) { sleep 1 }",
                "withQwietCiToken(label: 'aborted') { sleep 1 }"
            })
    void leavesNoTokenWhileTheBuildGoesOn(String block) throws Exception {
        Paused build = paused("""
                for (int i = 0; i < 60; i++) {
                  try { timeout(time: 1 + (i * 7) % 120, unit: 'MILLISECONDS') { BLOCK } }
                  catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) { }
                }
                semaphore 'PAUSE'
                """.replace("BLOCK", block));
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(BuildTokens.of(build.run()).orElseThrow().getTokens())
                    .extracting(TokenRecord::use)
                    .containsOnly(TokenRecord.Use.OVER);
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        });
        build.goOn(Result.SUCCESS);
    }
}
