package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where Qwiet is not at its shared host, builds that have a token learn its host. */
class ApiHostTest extends OnJenkins {
    private static final String SHOW = "echo \"host: ${env.SHIFTLEFT_API_HOST}\"";

    private static ParametersDefinitionProperty empty() {
        return new ParametersDefinitionProperty(new StringParameterDefinition("SHIFTLEFT_API_HOST", ""));
    }

    @AfterEach
    void asByDefault() {
        QwietConfiguration.get().setApiHostVariable(QwietConfiguration.DEFAULT_API_HOST_VARIABLE);
    }

    private String host() {
        return ApiAddress.parse(qwiet.address()).hostAndPort();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken { SHOW }",
                "qwietCiToken(); SHOW",
                "node { withCredentials([qwietAccessToken(credentialsId: 'sa')]) { SHOW } }",
                "node { withQwietCiToken { sh 'echo \"host: $SHIFTLEFT_API_HOST\"' } }",
                "pipeline { agent none; environment { SHIFTLEFT_ACCESS_TOKEN = credentials('sa') }; "
                        + "stages { stage('s') { steps { SHOW } } } }"
            })
    void isSeenBesideTheToken(String script) throws Exception {
        jenkins.assertLogContains("host: " + host(), build(Result.SUCCESS, script.replace("SHOW", SHOW)));
    }

    @Test
    void isNotSetWhereThereIsNoToken() throws Exception {
        WorkflowRun run = build(Result.SUCCESS, SHOW + "; withQwietCiToken { echo 'in' }; " + SHOW);

        assertThat(jenkins.getLog(run).lines().filter(line -> line.contains("host: null")))
                .hasSize(2);
    }

    @Test
    void yieldsToWhatTheJobSets() throws Exception {
        jenkins.assertLogContains(
                "host: mine",
                build(Result.SUCCESS, "withEnv(['SHIFTLEFT_API_HOST=mine']) { withQwietCiToken { " + SHOW + " } }"));
    }

    @Test
    void isSeenByFreestyleJobs() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList()
                .addAll(List.of(new QwietTokenBuilder(""), new Shell("echo \"host: $SHIFTLEFT_API_HOST\"")));

        jenkins.assertLogContains("host: " + host(), jenkins.buildAndAssertSuccess(job));
    }

    /** People who migrate leave it empty. The shared host would get the token then. */
    @Test
    void anEmptyParameterDoesNotTakeItAway() throws Exception {
        FreeStyleProject freestyle = jenkins.createFreeStyleProject(newName());
        freestyle.addProperty(empty());
        freestyle
                .getBuildersList()
                .addAll(List.of(new QwietTokenBuilder(""), new Shell("echo \"host: $SHIFTLEFT_API_HOST\"")));
        WorkflowJob pipeline = jenkins.createProject(WorkflowJob.class, newName());
        pipeline.addProperty(empty());
        pipeline.setDefinition(
                new CpsFlowDefinition("node { withQwietCiToken { sh 'echo \"host: $SHIFTLEFT_API_HOST\"' } }", true));

        WorkflowJob groovy = jenkins.createProject(WorkflowJob.class, newName());
        groovy.addProperty(empty());
        groovy.setDefinition(new CpsFlowDefinition("withQwietCiToken { " + SHOW + " }", true));

        jenkins.assertLogContains("host: " + host(), jenkins.buildAndAssertSuccess(groovy));
        jenkins.assertLogContains("host: " + host(), jenkins.buildAndAssertSuccess(freestyle));
        jenkins.assertLogContains("host: " + host(), jenkins.buildAndAssertSuccess(pipeline));
    }

    @Test
    void hasTheNameThatIsSetOrNone() throws Exception {
        QwietConfiguration.get().setApiHostVariable("QWIET_HOST");
        jenkins.assertLogContains(
                "host: " + host(), build(Result.SUCCESS, "withQwietCiToken { echo \"host: ${env.QWIET_HOST}\" }"));

        QwietConfiguration.get().setApiHostVariable(" ");
        jenkins.assertLogContains("host: null", build(Result.SUCCESS, "withQwietCiToken { " + SHOW + " }"));
    }

    @Test
    void isTheHostAndItsPortAndNotTheSharedOne() {
        assertThat(new ApiAddress("https://qwiet.example/api/v4"))
                .returns("qwiet.example", ApiAddress::hostAndPort)
                .returns(false, ApiAddress::isShared);
        assertThat(new ApiAddress("https://qwiet.example:8443/api/v4").hostAndPort())
                .isEqualTo("qwiet.example:8443");
        assertThat(new ApiAddress("https://APP.shiftleft.io:443/api/v4/").isShared())
                .isTrue();
    }
}
