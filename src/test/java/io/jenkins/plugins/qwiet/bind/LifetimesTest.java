package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A lifetime may be written as a number of seconds, minutes or hours, in every form; anything else is answered. */
class LifetimesTest extends OnJenkins {
    private static final String BINDING =
            "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'x', validFor: %s)]) { echo 'in' }";

    private static Duration lifetime(Run<?, ?> run) {
        TokenRecord token = BuildTokens.of(run).orElseThrow().getTokens().get(0);
        return Duration.ofSeconds(
                Math.round(Duration.between(token.mintedAt(), token.expiresAt()).toMillis() / 60_000.0) * 60);
    }

    @ParameterizedTest
    @CsvSource({"'15m',900", "'2h',7200", "'900',900", "900,900", "'900s',900", "'15 M',900", "\"${15}m\",900"})
    void areTakenByEveryFormOfPipeline(String written, int seconds) throws Exception {
        String argument = written.startsWith("\"") || written.equals("900") ? written : "'" + written + "'";
        for (String script : List.of(
                "withQwietCiToken(label: 'x', validFor: %s) { echo 'in' }",
                "qwietCiToken(label: 'x', validFor: %s)",
                "node { " + BINDING + " }",
                "pipeline { agent none; stages { stage('s') { steps { qwietCiToken(validFor: %s) } } } }",
                "pipeline { agent none; stages { stage('s') { steps { withQwietCiToken(validFor: %s) { echo 'in' } } } } }",
                "pipeline { agent none; options { withQwietCiToken(validFor: %s) }; "
                        + "stages { stage('s') { steps { echo 'in' } } } }",
                "pipeline { agent any; stages { stage('s') { steps { " + BINDING + " } } } }")) {
            assertThat(lifetime(build(Result.SUCCESS, String.format(script, argument))))
                    .as(script)
                    .isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5", "'5'", "'soon'", "'15d'", "'1.5h'", "-900", "'30h'", "'999999h'", "true", "[1]", "1.5"})
    void whatIsNoneIsAnsweredBySayingWhatIsPossible(String written) throws Exception {
        for (String script : List.of(
                "withQwietCiToken(validFor: %s) { echo 'in' }",
                "qwietCiToken(validFor: %s)", "node { " + BINDING + " }")) {
            var run = build(Result.FAILURE, String.format(script, written));

            jenkins.assertLogContains("ERROR: validFor: A token cannot be valid for \"", run);
            jenkins.assertLogContains(
                    "expected 60 to 86400 seconds, such as 900, or a number of minutes or hours", run);
            jenkins.assertLogNotContains("\tat ", run);
        }
        assertThat(qwiet.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'15m',900", "' 2h ',7200", "900,900"})
    void areTakenByFormsAsTheyAreTyped(String typed, int seconds) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder("step"));
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(boundTo("OTHER"))));
        var client = Browser.of(jenkins);
        var form = client.getPage(job, "configure").getFormByName("config");
        form.getInputsByName("_.validFor").forEach(field -> ((HtmlInput) field).setValue(typed));

        jenkins.submit(form);
        job.doReload();

        var shown = client.getPage(job, "configure").getFormByName("config").getInputsByName("_.validFor");
        assertThat(shown).hasSize(2).allMatch(field -> field.getValue().equals(typed.trim()));
        assertThat(lifetime(jenkins.buildAndAssertSuccess(job))).isEqualTo(Duration.ofSeconds(seconds));
    }

    private static QwietAccessTokenBinding boundTo(String variable) {
        var binding = new QwietAccessTokenBinding("sa");
        binding.setVariable(variable);
        return binding;
    }

    @Test
    void theSnippetGeneratorWritesThemAsTheyWereTyped() throws Exception {
        String type = QwietCiTokenStep.class.getName();
        var client = Browser.of(jenkins);
        var request = new WebRequest(new URL(jenkins.getURL(), "pipeline-syntax/generateSnippet"), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair(
                "json", "{\"stapler-class\":\"" + type + "\",\"$class\":\"" + type + "\",\"validFor\":\"15m\"}")));

        assertThat(client.loadWebResponse(client.addCrumb(request)).getContentAsString())
                .contains("qwietCiToken validFor: '15m'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'15m'", "900", "'900'"})
    void areTakenByJobDsl(String written) throws Exception {
        String name = newName();
        var seed = jenkins.createFreeStyleProject(newName());
        var dsl = new ExecuteDslScripts();
        dsl.setScriptText(("freeStyleJob('NAME') {"
                        + " wrappers { credentialsBinding { qwietAccessToken {"
                        + " credentialsId('sa'); variable('OTHER'); validFor(FOR) } } };"
                        + " steps { qwietTokenBuilder { validFor(FOR) } } }")
                .replace("NAME", name)
                .replace("FOR", written));
        seed.getBuildersList().add(dsl);
        jenkins.buildAndAssertSuccess(seed);

        var job = (FreeStyleProject) jenkins.jenkins.getItem(name);

        assertThat(lifetime(jenkins.buildAndAssertSuccess(job))).isEqualTo(Duration.ofMinutes(15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"15m", "900", "'900'"})
    void areTakenByConfigurationAsCode(String written, @TempDir Path directory) throws Exception {
        Path yaml = Files.writeString(directory.resolve("q.yml"), "unclassified:\n  qwiet:\n    validity: " + written);

        ConfigurationAsCode.get().configure(yaml.toUri().toString());

        assertThat(QwietConfiguration.get().settings().validity()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void areTakenByTheGlobalForm() throws Exception {
        var form = Browser.of(jenkins).goTo("configure").getFormByName("config");
        form.getInputByName("_.validity").setValue("2h");
        jenkins.submit(form);

        assertThat(QwietConfiguration.get().settings().validity()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void theReferenceOfStepsShowsTheArgument() throws Exception {
        var answer = Browser.ask(jenkins, "", HttpMethod.GET, "pipeline-syntax/html");

        assertThat(answer.getStatusCode()).isEqualTo(200);
        assertThat(answer.getContentAsString()
                        .substring(answer.getContentAsString().indexOf("qwietCiToken")))
                .contains("validFor");
    }
}
