package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.Map;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What others wrote, in a label, a description or an error of Qwiet, stays text wherever it is shown. */
class StoredHtmlTest extends WithQwiet {
    private static final String HTML = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&amp;";

    @BeforeAll
    static void secure() {
        SecuredJenkins.secure(jenkins);
    }

    @Test
    void inLabelAndDescriptionOfAStep() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "pipeline");
        job.setDefinition(new CpsFlowDefinition(
                "qwietCiToken(label: '''" + HTML + "''', description: '''" + HTML + "''')", true));

        var run = jenkins.buildAndAssertSuccess(job);

        assertThat(JenkinsRule.getLog(run)).contains("created CI token \"" + HTML);
        isInert(run.getUrl());
        isInert(run.getUrl() + "console");
    }

    @Test
    void inTheFormOfTheBuildStep() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("freestyle");
        var step = new QwietTokenBuilder(HTML);
        step.setDescription(HTML);
        job.getBuildersList().add(step);

        HtmlPage form = isInert(job.getUrl() + "configure");

        jenkins.submit(form.getFormByName("config"));
        jenkins.assertEqualDataBoundBeans(step, job.getBuildersList().get(QwietTokenBuilder.class));
        Run<?, ?> run = jenkins.buildAndAssertSuccess(job);
        isInert(run.getUrl() + "console");
    }

    @Test
    void inAnErrorOfQwietInABuildLog() throws Exception {
        qwiet.fault(Fault.status(
                Operation.CREATE,
                400,
                "BAD" + HTML,
                HTML + "\nFinished: SUCCESS\r\n[Pipeline] stage\u0085\u2028\u202e\u001b[31m",
                HTML));
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "refused");
        job.setDefinition(new CpsFlowDefinition("qwietCiToken(label: 'x')", true));

        var run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));

        isInert(run.getUrl() + "console");
        assertThat(JenkinsRule.getLog(run).lines())
                .contains("Finished: FAILURE")
                .doesNotContain("Finished: SUCCESS", "[Pipeline] stage")
                .anyMatch(line -> line.startsWith("ERROR: Qwiet refused") && line.contains(HTML));
        assertThat(JenkinsRule.getLog(run)).doesNotContainPattern("[\u0085\u2028\u202e\u001b]");
    }

    @Test
    void inAnErrorOfQwietInAForm() throws Exception {
        qwiet.fault(Fault.status(Operation.SCOPES, 403, "BAD" + HTML, HTML));
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        String path =
                jenkins.jenkins.getDescriptorOrDie(QwietConfiguration.class).getDescriptorUrl();

        String said = admin.post(
                        path + "/testConnection",
                        Map.of(
                                "apiAddress", qwiet.address(),
                                "orgId", qwiet.organization().id(),
                                "credentialsId", QwietAccount.ID))
                .body();

        assertThat(said).contains("&lt;img").doesNotContain("<img", "<script");
    }

    @Test
    void inTheNameOfAServiceAccount() throws Exception {
        QwietAccount.add(jenkins.jenkins, "html", qwiet.organization().serviceAccount());
        QwietConfiguration.get().setCredentialsId(HTML);

        isInert("manage/configure");
    }

    private static HtmlPage isInert(String path) throws Exception {
        HtmlPage page = Visitor.named(jenkins, SecuredJenkins.ADMIN).page(path);
        assertThat(page.getByXPath("//img[@src='x']")).as(path).isEmpty();
        assertThat(page.getByXPath("//script[contains(text(),'alert(2)')]"))
                .as(path)
                .isEmpty();
        assertThat(page.getByXPath("//*[@onerror]")).as(path).isEmpty();
        return page;
    }
}
