package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.Extension;
import hudson.console.LineTransformationOutputStream;
import hudson.model.Result;
import hudson.plugins.timestamper.TimestamperConfig;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Others may put what they like between the lines: the mask has seen them before. */
class FirstToSeeTest extends OnJenkins {
    private static volatile boolean stamped;

    @AfterEach
    void asItWas() {
        stamped = false;
        DurableTaskStep.USE_WATCHING = false;
        TimestamperConfig.get().setAllPipelines(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'L') { SH }",
                "withQwietCiToken(label: 'L') { timestamps { SH } }",
                "timestamps { withQwietCiToken(label: 'L') { SH } }",
                "qwietCiToken(label: 'L'); timestamps { ansiColor('xterm') { SH } }",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'L', variable: 'TOKEN')]) {"
                        + " wrap([$class: 'TimestamperBuildWrapper']) { wrap([$class: 'AnsiColorBuildWrapper', colorMapName: 'xterm']) { SH } } }",
            })
    void hidesALineBrokenTokenWhateverStampsTheLines(String pipeline) throws Exception {
        String agent = jenkins.createOnlineSlave().getNodeName();
        for (boolean all : new boolean[] {false, true}) {
            TimestamperConfig.get().setAllPipelines(all);
            stamped = all;
            for (boolean onAgent : new boolean[] {false, true}) {
                DurableTaskStep.USE_WATCHING = onAgent;
                String label = newName();
                Paused build = paused("node('" + agent + "') { "
                        + pipeline.replace("'L'", "'" + label + "'")
                                .replace(
                                        "SH",
                                        "sh 'set +x; env | base64; env | openssl base64; echo =end='; semaphore 'PAUSE'")
                        + " }");
                // It may come a second later from an agent (HiddenTableTest says why).
                await().until(() -> JenkinsRule.getLog(build.run()).contains("=end="));
                WorkflowRun run = build.goOn(Result.SUCCESS);

                String log = JenkinsRule.getLog(run);
                assertThat(log).contains("****").doesNotContain(signature(valueOf(label)));
                String unstamped = log.replaceAll("(?m)^(\\[[^\\]]*] |> )+", "");
                assertThat(new Leaks(valueOf(label)).in(unstamped))
                        .as("all %s, on agent %s: %s", all, onAgent, log)
                        .isFalse();
            }
        }
    }

    /** Another plugin's, which is as much in a hurry as can be written down. */
    @Extension(ordinal = Double.MAX_VALUE)
    public static class Impatient implements TaskListenerDecorator.Factory {
        @Override
        public TaskListenerDecorator of(FlowExecutionOwner owner) {
            return stamped ? new Stamp() : null;
        }
    }

    private static final class Stamp extends TaskListenerDecorator {
        private static final long serialVersionUID = 1;

        @Override
        public OutputStream decorate(OutputStream log) {
            return new LineTransformationOutputStream.Delegating(log) {
                @Override
                protected void eol(byte[] line, int length) throws IOException {
                    out.write("> ".getBytes(StandardCharsets.UTF_8));
                    out.write(line, 0, length);
                }
            };
        }
    }
}
