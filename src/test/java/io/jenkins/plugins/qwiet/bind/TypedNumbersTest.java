package io.jenkins.plugins.qwiet.bind;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.report.QwietTokenAudit;
import java.net.URL;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is typed where a number is expected is either a number, or stays where it is and is said by the build. */
class TypedNumbersTest extends OnJenkins {
    private enum Form {
        BINDING("validFor") {
            @Override
            void addTo(FreeStyleProject job) {
                job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new QwietAccessTokenBinding(""))));
            }
        },
        BUILD_STEP("validFor") {
            @Override
            void addTo(FreeStyleProject job) {
                job.getBuildersList().add(new QwietTokenBuilder(""));
            }
        },
        MAX_DAYS("maxDays") {
            @Override
            void addTo(FreeStyleProject job) {
                job.getPublishersList().add(new QwietTokenAudit());
            }
        },
        MAX_LIVE("maxLive") {
            @Override
            void addTo(FreeStyleProject job) {
                job.getPublishersList().add(new QwietTokenAudit());
            }
        };

        final String field;

        Form(String field) {
            this.field = field;
        }

        abstract void addTo(FreeStyleProject job);
    }

    private static HtmlForm form(FreeStyleProject job) throws Exception {
        return Browser.of(jenkins).getPage(job, "configure").getFormByName("config");
    }

    private static void type(FreeStyleProject job, String field, String typed) throws Exception {
        HtmlForm form = form(job);
        ((HtmlInput) form.getInputByName("_." + field)).setValue(typed);
        jenkins.submit(form);
    }

    private static String shown(FreeStyleProject job, String field) throws Exception {
        return form(job).getInputByName("_." + field).getValue();
    }

    @ParameterizedTest
    @CsvSource({"BINDING,1.5", "BUILD_STEP,an hour", "MAX_DAYS,1.5", "MAX_LIVE,99999999999"})
    void whatIsNoNumberStaysAndIsSaidByTheBuild(Form form, String typed) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        form.addTo(job);

        type(job, form.field, typed);

        assertThat(shown(job, form.field)).isEqualTo(typed);
        // Neither a save without a touch nor a restart changes that.
        jenkins.submit(form(job));
        job.doReload();
        assertThat(shown(job, form.field)).isEqualTo(typed);
        assertThat(jenkins.buildAndAssertStatus(Result.FAILURE, job).getLog(1000))
                .anyMatch(line -> line.contains(form.field + ": ") && line.contains("\"" + typed + "\""));
        assertThat(qwiet.organization().minted()).isZero();

        type(job, form.field, " 3600 ");
        assertThat(shown(job, form.field)).isEqualTo("3600");
        jenkins.buildAndAssertSuccess(job);
        type(job, form.field, "");
        assertThat(shown(job, form.field)).isEmpty();
        jenkins.buildAndAssertSuccess(job);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwietCiToken(validFor: '')",
                "withQwietCiToken(validFor: ' ') { }",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', variable: 'T', validFor: '')]) { }"
            })
    void anEmptyNumberOfAStepIsTheDefault(String step) throws Exception {
        QwietConfiguration.get().setValidity("1234");

        build(Result.SUCCESS, step);

        assertThat(qwiet.requests())
                .filteredOn(request -> request.method().equals("POST"))
                .allSatisfy(request -> assertThat(request.body()).contains("1234"));
    }

    @ParameterizedTest
    @CsvSource({
        "io.jenkins.plugins.qwiet.bind.QwietCiTokenStep,validFor",
        "io.jenkins.plugins.qwiet.bind.WithQwietCiTokenStep,validFor",
        "io.jenkins.plugins.qwiet.report.QwietTokenAudit,maxLive"
    })
    void theSnippetGeneratorSaysItToo(String type, String field) throws Exception {
        String arguments = "{\"stapler-class\":\"%s\",\"$class\":\"%s\",\"maxDays\":\"\",\"%s\":\"%s\"}";

        assertThat(snippet(String.format(arguments, type, type, field, "1.5")).strip())
                .startsWith(field + ": ")
                .contains("\"1.5\"")
                .doesNotContain("\tat ");
        assertThat(snippet(String.format(arguments, type, type, field, "900"))).contains(field + ": 900");
    }

    private static String snippet(String json) throws Exception {
        try (var client = Browser.of(jenkins)) {
            var request = new WebRequest(new URL(jenkins.getURL(), "pipeline-syntax/generateSnippet"), HttpMethod.POST);
            request.setRequestParameters(List.of(new NameValuePair("json", json)));
            return client.loadWebResponse(client.addCrumb(request)).getContentAsString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BINDING", "BUILD_STEP"})
    void anEmptyFieldShowsTheSettingThatApplies(Form form) throws Exception {
        QwietConfiguration.get().setVariable("SCAN_TOKEN");
        QwietConfiguration.get().setOrgVariable("SCAN_ORG");
        QwietConfiguration.get().setValidity("1234");
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        form.addTo(job);

        HtmlForm shown = form(job);

        assertThat(shown.getInputByName("_.variable").getPlaceholder()).isEqualTo("SCAN_TOKEN");
        assertThat(shown.getInputByName("_.orgVariable").getPlaceholder()).isEqualTo("SCAN_ORG");
        assertThat(shown.getInputByName("_.validFor").getPlaceholder()).isEqualTo("1234");
    }

    @Test
    void advancedIsEditedOnlyIfSomethingIs() throws Exception {
        QwietConfiguration.get().setConnectTimeout(10);
        QwietConfiguration.get().setCallTimeout(30);
        assertThat(editedSettings())
                .doesNotContain("_.validity", "_.variable", "_.orgVariable", "_.connectTimeout")
                .doesNotContain("_.callTimeout", "_.renew", "_.revokeAtEnd", "_.onlyFindableAccounts");

        QwietConfiguration.get().setRevokeAtEnd(false);
        QwietConfiguration.get().setValidity("900");
        assertThat(editedSettings()).contains("_.revokeAtEnd", "_.validity").doesNotContain("_.renew", "_.variable");
    }

    private static String editedSettings() throws Exception {
        try (var client = Browser.withoutScripts(jenkins)) {
            HtmlPage page = client.goTo("configure");
            return page.<HtmlElement>getByXPath("//*[@data-customized-fields]").stream()
                    .map(each -> each.getAttribute("data-customized-fields"))
                    .toList()
                    .toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "Path", "LD_PRELOAD", "BASH_ENV", "IFS", "JAVA_HOME", "JENKINS_URL"})
    void aVariableWithAMeaningOfItsOwnIsRefused(String name) throws Exception {
        var log = jenkins.getLog(build(
                Result.FAILURE,
                "withQwietCiToken(variable: '" + name + "', orgVariable: '" + name + "_') { echo 'in' }"));

        assertThat(log).contains("variable: The variable \"" + name + "\" means something to shells");
        assertThat(qwiet.requests()).isEmpty();
    }
}
