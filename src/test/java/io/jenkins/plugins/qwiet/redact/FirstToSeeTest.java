package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import hudson.Extension;
import hudson.Functions;
import hudson.Launcher;
import hudson.console.LineTransformationOutputStream;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.plugins.timestamper.TimestamperConfig;
import hudson.tasks.BuildWrapper;
import hudson.tasks.BuildWrapperDescriptor;
import hudson.tasks.Maven;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.Commands;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.log.TaskListenerDecorator;
import org.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    /** A build wrapper of a freestyle job sees its log before any filter does. */
    @Test
    void hidesALineBrokenTokenThoughABuildWrapperStampsTheLines() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject(newName());
        project.getBuildWrappersList().add(new StampingWrapper());
        project.getBuildersList().add(new QwietTokenBuilder("stamped"));
        project.getBuildersList()
                .add(new Shell("set +x; env | base64; env | openssl base64; printf 'ends like eyJhbGci'"));
        for (boolean onAgent : new boolean[] {false, true}) {
            project.setAssignedNode(onAgent ? jenkins.createOnlineSlave() : jenkins.jenkins);

            FreeStyleBuild run = jenkins.buildAndAssertSuccess(project);

            String log = JenkinsRule.getLog(run);
            assertThat(log).contains("> ").contains("ends like eyJhbGci");
            String value = valueOf("stamped");
            assertThat(new Leaks(value).in(log.replaceAll("(?m)^(> )+", "")))
                    .as(log)
                    .isFalse();
        }
    }

    /** Another plugin's. */
    public static class StampingWrapper extends BuildWrapper {
        @Override
        public Environment setUp(AbstractBuild build, Launcher launcher, BuildListener listener) {
            return new Environment() {};
        }

        @Override
        public OutputStream decorateLogger(AbstractBuild build, OutputStream log) {
            return new Stamp().decorate(log);
        }

        @Extension
        public static class DescriptorImpl extends BuildWrapperDescriptor {
            @Override
            public boolean isApplicable(AbstractProject<?, ?> item) {
                return true;
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

    /** The build step of Jenkins puts something before the log that marks lines, and gives that to the process. */
    @Test
    void hidesALineBrokenTokenThatMavenPrints(@TempDir Path home) throws Exception {
        assumeFalse(Functions.isWindows(), "the stand-in for Maven is a script of sh");
        Commands.put(Files.createDirectories(home.resolve("bin")), "mvn", "#!/bin/sh\nenv | base64\n");
        jenkins.jenkins
                .getDescriptorByType(Maven.DescriptorImpl.class)
                .setInstallations(new Maven.MavenInstallation("stand-in", home.toString(), List.of()));
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new StampingWrapper());
        job.getBuildersList().add(new QwietTokenBuilder("maven"));
        job.getBuildersList().add(new Maven("verify", "stand-in"));

        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job);

        String log = JenkinsRule.getLog(build);
        assertThat(log).contains("****");
        assertThat(new Leaks(valueOf("maven")).in(log.replaceAll("(?m)^(> )+", "")))
                .as(log)
                .isFalse();
    }
}
