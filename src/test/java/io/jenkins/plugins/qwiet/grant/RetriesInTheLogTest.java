package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** A build that waits for a Qwiet that cannot be used says so, each time before it tries again. */
class RetriesInTheLogTest extends WithQwiet {
    private Run<?, ?> build(Result expected) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken('scan') { echo 'inside' }", true));
        return jenkins.buildAndAssertStatus(expected, job);
    }

    private static List<String> lines(Run<?, ?> run) throws Exception {
        return JenkinsRule.getLog(run)
                .lines()
                .filter(line -> line.contains("Jenkins tries again"))
                .toList();
    }

    @Test
    void nobodyAnswers() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        String address = "http://127.0.0.1:" + port + "/api/v4";
        QwietConfiguration.get().setApiAddress(address);

        String line = "Qwiet: no CI token \"scan\" yet from " + address + ": no connection to 127.0.0.1:" + port
                + ". Jenkins tries again in %d s.";
        assertThat(lines(build(Result.FAILURE)))
                .containsExactly(line.formatted(1), line.formatted(1), line.formatted(2), line.formatted(4));
    }

    @Test
    void qwietAsksToWait() throws Exception {
        qwiet.fault(Fault.tooManyRequests(Operation.CREATE, "1"));

        assertThat(lines(build(Result.SUCCESS)))
                .singleElement()
                .asString()
                .contains("429")
                .endsWith("Jenkins tries again in 1 s.");
    }

    @Test
    void anAnswerIsLost() throws Exception {
        qwiet.fault(Fault.cutBefore(Operation.CREATE));

        Run<?, ?> run = build(Result.SUCCESS);
        assertThat(lines(run)).singleElement().asString().endsWith("Jenkins tries again now.");
        assertThat(JenkinsRule.getLog(run)).containsSubsequence("tries again now.", "created CI token \"scan\"");
    }
}
