package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.Slave;
import hudson.model.TopLevelItem;
import io.jenkins.plugins.qwiet.redact.HiddenByAgent;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that write the log are told the tokens of blocks that use them, also those that come later, and no others. */
class AgentsOfBlocksTest extends OnOneClock {
    @BeforeEach
    void agentsWriteTheLog() {
        DurableTaskStep.USE_WATCHING = true;
    }

    @AfterEach
    void asItWas() {
        DurableTaskStep.USE_WATCHING = false;
    }

    @Test
    void anAgentIsNotToldWhatTakesThePlaceOfAnotherBlocksToken() throws Exception {
        Slave with = jenkins.createOnlineSlave();
        Slave without = jenkins.createOnlineSlave();
        Paused build = paused("""
                parallel block: {
                  withQwietCiToken(label: 'of a block', validFor: 60) {
                    node('USING') { sh 'echo with'; semaphore 'PAUSE'; sh 'set +x; echo "now: $SHIFTLEFT_ACCESS_TOKEN"' }
                  }
                }, other: {
                  node('OTHER') { sh 'touch up; while [ -e up ]; do sleep 0.2; done' }
                }
                """.replace("OTHER", without.getNodeName()).replace("USING", with.getNodeName()));
        jenkins.waitForMessage("+ touch up", build.run());
        BuildTokens tokens = BuildTokens.of(build.run()).orElseThrow();

        clock.advance(Duration.ofSeconds(41));
        await().until(() -> {
            Renewals.get().tick();
            return tokens.getTokens().stream().anyMatch(token -> token.isCurrent() && token.number() == 2);
        });

        String successor = tokens.getTokens().get(1).value().getPlainText();
        assertThat(with.getChannel().call(new HiddenByAgent(successor))).isTrue();
        assertThat(without.getChannel().call(new HiddenByAgent(successor))).isFalse();
        without.getWorkspaceFor((TopLevelItem) build.run().getParent())
                .child("up")
                .delete();
        var run = build.goOn(Result.SUCCESS);
        jenkins.assertLogContains("now: ****", run);
        jenkins.assertLogNotContains(successor, run);
    }
}
