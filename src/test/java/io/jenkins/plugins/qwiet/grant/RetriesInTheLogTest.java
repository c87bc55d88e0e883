package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.report.QwietTokenAudit;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
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

    /** The API URL, at which nobody listens. */
    private static String nobody() throws Exception {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + closed.getLocalPort() + "/api/v4";
            QwietConfiguration.get().setApiAddress(address);
            return address;
        }
    }

    @Test
    void whereNobodyAnswersFreestyleJobsSayTheSame() throws Exception {
        String address = nobody();
        FreeStyleProject bound = jenkins.createFreeStyleProject(newName());
        bound.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new QwietAccessTokenBinding(""))));
        FreeStyleProject stepped = jenkins.createFreeStyleProject(newName());
        stepped.getBuildersList().add(new QwietTokenBuilder("scan"));

        for (FreeStyleProject job : List.of(bound, stepped)) {
            assertThat(lines(jenkins.buildAndAssertStatus(Result.FAILURE, job)))
                    .hasSize(4)
                    .allMatch(line -> line.contains(" yet from " + address));
        }
    }

    @Test
    void whereNobodyAnswersAnAuditSaysItToo() throws Exception {
        String address = nobody();
        WorkflowJob pipeline = jenkins.createProject(WorkflowJob.class, newName());
        pipeline.setDefinition(new CpsFlowDefinition("qwietTokenAudit()", true));
        FreeStyleProject freestyle = jenkins.createFreeStyleProject(newName());
        freestyle.getPublishersList().add(new QwietTokenAudit());

        for (Job<?, ?> job : List.of(pipeline, freestyle)) {
            var build = ParameterizedJobMixIn.scheduleBuild2(job, 0).getFuture().get();
            assertThat(lines((Run<?, ?>) build))
                    .hasSize(4)
                    .allMatch(line ->
                            line.startsWith("Qwiet: no list of tokens yet from " + address + ": no connection to"))
                    .last()
                    .asString()
                    .endsWith("Jenkins tries again in 4 s.");
            assertThat(JenkinsRule.getLog((Run<?, ?>) build))
                    .containsSubsequence("tries again in 4 s.", "could not be listed");
        }
    }

    @Test
    void nobodyAnswers() throws Exception {
        String address = nobody();
        String port = address.replaceAll(".*:(\\d+)/.*", "$1");

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
