package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** An agent that writes a log itself has to hide, after a restart, what a process there was started with before it. */
class AgentAfterRestartTest {
    @RegisterExtension
    private final RealJenkinsExtension jenkins = JenkinsProcess.extension(
            "-Dorg.jenkinsci.plugins.workflow.steps.durable_task.DurableTaskStep.USE_WATCHING=true");

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    private FakeQwiet qwiet;

    @BeforeEach
    void know() {
        qwiet = FakeQwiet.start();
    }

    @AfterEach
    void forget() {
        qwiet.close();
    }

    @Test
    void hidesATokenThatAnotherTookThePlaceOf() throws Throwable {
        String dir = Files.createTempDirectory("qwiet").toString();
        jenkins.startJenkins();
        agents.createAgent(
                jenkins,
                InboundAgentExtension.Options.newBuilder()
                        .name("far")
                        .webSocket()
                        .build());
        String address = qwiet.address();
        String orgId = qwiet.organization().id();
        String account = qwiet.organization().serviceAccount();
        jenkins.runRemotely(rule -> {
            QwietAccount.set(address, orgId, account);
            WorkflowJob job = Jenkins.get().createProject(WorkflowJob.class, "job");
            job.setDefinition(new CpsFlowDefinition("""
                    node('AGENT') {
                      qwietCiToken(label: 'one')
                      parallel long: {
                        sh '''set +x
                          echo up; touch DIR/up
                          while [ ! -e DIR/go ]; do sleep 0.2; done
                          echo "long: <$SHIFTLEFT_ACCESS_TOKEN>"
                          sleep 2'''
                      }, other: {
                        sh 'set +x; while [ ! -e DIR/up ]; do sleep 0.2; done'
                        qwietCiToken(label: 'two')
                        echo 'both are there'
                        sh 'set +x; while [ ! -e DIR/go ]; do sleep 0.2; done'
                      }
                    }
                    """.replace("AGENT", "far").replace("DIR", dir), true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            rule.waitForMessage("both are there", run);
        });
        assertThat(qwiet.organization().liveTokens()).hasSize(2);
        String one = qwiet.organization().liveTokens().stream()
                .filter(token -> token.label().equals("one"))
                .map(FakeToken::value)
                .findFirst()
                .orElseThrow();

        jenkins.stopJenkins();
        jenkins.startJenkins();

        jenkins.runRemotely(rule -> {
            WorkflowRun run =
                    Jenkins.get().getItemByFullName("job", WorkflowJob.class).getBuildByNumber(1);
            rule.waitForMessage("Ready to run", run);
        });
        // It is in use, and good.
        assertThat(qwiet.organization().isLive(one)).isTrue();
        jenkins.runRemotely(rule -> {
            WorkflowRun run =
                    Jenkins.get().getItemByFullName("job", WorkflowJob.class).getBuildByNumber(1);
            Files.createFile(Path.of(dir, "go"));
            rule.waitForCompletion(run);
        });
        String log = jenkins.runRemotely(rule -> {
            return JenkinsRule.getLog(
                    Jenkins.get().getItemByFullName("job", WorkflowJob.class).getBuildByNumber(1));
        });
        assertThat(log).contains("long: <****>");
        assertThat(log).doesNotContain(one);
    }
}
