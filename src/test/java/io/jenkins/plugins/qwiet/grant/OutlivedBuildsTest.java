package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** What the record of a build tells of tokens that were there longer than the build. */
class OutlivedBuildsTest extends OnOneClock {
    @Test
    void aTokenThatWasReplacedAndOutlivedTheBuildIsRemembered() throws Exception {
        Paused build = paused("withQwietCiToken(label: 'held', validFor: 3600) { semaphore 'PAUSE' }");
        pass(Duration.ofMinutes(41));
        await().until(() -> BuildTokens.of(build.run()).orElseThrow().getTokens().stream()
                .anyMatch(token -> token.number() == 2 && token.isCurrent()));
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "not now"));

        WorkflowRun run = build.goOn(Result.SUCCESS);
        qwiet.clearFaults();
        untilTheJanitorHasEndedTheRest();

        await().untilAsserted(() -> assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                .hasSize(2)
                .allSatisfy(token -> assertThat(token.revokedAt()).isNotNull()));
    }
}
