package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Result;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A token is renewed between the moment in which a step's log is opened and that in which its environment is made. */
class RenewalWhileAStepBeginsTest extends OnOneClock {
    private static volatile Runnable meanwhile;

    @BeforeEach
    void agentsWriteTheLog() {
        DurableTaskStep.USE_WATCHING = true;
    }

    @AfterEach
    void asItWas() {
        meanwhile = null;
        DurableTaskStep.USE_WATCHING = false;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'held', validFor: 60) { BODY }",
                "qwietCiToken(label: 'held', validFor: 60); BODY"
            })
    void theSuccessorIsHiddenByTheAgentToo(String form) throws Exception {
        String agent = jenkins.createOnlineSlave().getNodeName();
        Paused build = paused("node('" + agent + "') { "
                + form.replace(
                        "BODY", "semaphore 'PAUSE'; sh 'set +x; echo \"now: <$SHIFTLEFT_ACCESS_TOKEN>\"; sleep 2'")
                + " }");
        String[] newest = new String[1];
        meanwhile = () -> {
            clock.advance(Duration.ofSeconds(41));
            Renewals.get().tick();
            await().until(() -> BuildTokens.of(build.run()).orElseThrow().getTokens().stream()
                    .anyMatch(token -> token.isCurrent() && token.number() == 2));
            List<FakeToken> live = qwiet.organization().liveTokens();
            newest[0] = live.get(live.size() - 1).value();
        };

        WorkflowRun run = build.goOn(Result.SUCCESS);

        String log = JenkinsRule.getLog(run);
        assertThat(newest[0]).isNotNull();
        assertThat(log).contains("now: <").doesNotContain(newest[0]);
    }

    /** Any other plugin's that takes its time, such as one that asks a vault. */
    @Extension(ordinal = 10000)
    public static class Slow extends StepEnvironmentContributor {
        @Override
        public void buildEnvironmentFor(StepContext context, EnvVars env, TaskListener listener) {
            Runnable now = meanwhile;
            if (now != null
                    && StackWalker.getInstance()
                            .walk(frames -> frames.anyMatch(
                                    frame -> frame.getClassName().endsWith("DurableTaskStep$Execution")))) {
                meanwhile = null;
                now.run();
            }
        }
    }
}
