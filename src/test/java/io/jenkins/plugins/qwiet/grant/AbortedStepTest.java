package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** A {@code qwietCiToken} that is aborted, at whatever moment, binds nothing. */
class AbortedStepTest extends OnJenkins {
    @Test
    void leavesNoTokenForTheRestOfTheBuild() throws Exception {
        Paused build = paused("""
                for (int i = 0; i < 40; i++) {
                  try { timeout(time: 1 + (i * 7) % 120, unit: 'MILLISECONDS') { qwietCiToken(label: "l$i")
                    echo "bound l$i" } }
                  catch (org.jenkinsci.plugins.workflow.steps.FlowInterruptedException e) { }
                }
                semaphore 'PAUSE'
                """);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(BuildTokens.of(build.run()).stream().flatMap(tokens -> tokens.getTokens().stream()))
                    .filteredOn(TokenRecord::isSeen)
                    .allMatch(token -> stepOf(build.run(), token).getError() == null);
        });
        build.goOn(Result.SUCCESS);
        // Of a creation that an abort cut off Jenkins has to look for the token, more than once.
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
    }

    /**
     * The step that bound a token. It has no error also if an abort came when the Pipeline was about to go on: then the script
     * meets the abort at this call, but no step can know.
     */
    private static FlowNode stepOf(WorkflowRun run, TokenRecord token) {
        return new DepthFirstScanner()
                .findFirstMatch(
                        run.getExecution(),
                        node -> token.label()
                                .equals(ArgumentsAction.getArguments(node).get("label")));
    }
}
