package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.report.QwietTokenAudit;
import java.util.List;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job's form that is opened and saved changes nothing; what is wrong in it is said by the build, all at once. */
class UntouchedFormsTest extends OnJenkins {
    private static FreeStyleProject saved(FreeStyleProject job) throws Exception {
        QwietAccount.add(jenkins.jenkins, "aaa-the-first-of-the-list", "a-token-of-a-service-account");
        try (var client = Browser.of(jenkins)) {
            var form = client.getPage(job, "configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            jenkins.submit(form);
        }
        return job;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sa", "gone", "${ACCOUNT}"})
    void theBindingStaysAsItWas(String account) throws Exception {
        var binding = new QwietAccessTokenBinding(account);
        binding.setLabel("x".repeat(300));
        binding.setVariable("1 bad");
        binding.setValidFor(5);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(binding)));

        saved(job);

        var after = (QwietAccessTokenBinding) job.getBuildWrappersList()
                .get(SecretBuildWrapper.class)
                .getBindings()
                .get(0);
        jenkins.assertEqualDataBoundBeans(binding, after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sa", "gone", "${ACCOUNT}"})
    void theBuildStepStaysAsItWas(String account) throws Exception {
        var step = new QwietTokenBuilder("x".repeat(300));
        step.setCredentialsId(account);
        step.setVariable("1 bad");
        step.setValidFor(5);
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(step);

        saved(job);

        jenkins.assertEqualDataBoundBeans(step, job.getBuildersList().get(QwietTokenBuilder.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sa", "gone", "${ACCOUNT}"})
    void theAuditStaysAsItWas(String account) throws Exception {
        var audit = new QwietTokenAudit();
        audit.setCredentialsId(account);
        audit.setMaxDays(-3);
        audit.setLabelPattern("[");
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getPublishersList().add(audit);

        saved(job);

        jenkins.assertEqualDataBoundBeans(audit, job.getPublishersList().get(QwietTokenAudit.class));
    }

    @Test
    void theBuildSaysAllThatIsWrongAtOnce() throws Exception {
        var step = new QwietTokenBuilder("x".repeat(300));
        step.setOrgId("acme");
        step.setVariable("1 bad");
        step.setOrgVariable("B-C");
        step.setValidFor(5);
        var audit = new QwietTokenAudit();
        audit.setMaxDays(-3);
        audit.setMaxLive(-4);
        audit.setLabelPattern("[");
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(step);
        job.getPublishersList().add(audit);

        var log = jenkins.buildAndAssertStatus(Result.FAILURE, job).getLog(1000);

        assertThat(log)
                .anyMatch(line -> line.contains("300 characters")
                        && line.contains("\"acme\"")
                        && line.contains("\"1 bad\"")
                        && line.contains("\"B-C\"")
                        && line.contains("valid for \"5\""))
                .anyMatch(line ->
                        line.contains("maxDays: ") && line.contains("maxLive: ") && line.contains("labelPattern: "));
        assertThat(qwiet.requests()).isEmpty();
    }
}
