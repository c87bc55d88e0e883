package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import java.util.Map;
import org.htmlunit.html.HtmlForm;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables that are valid each by itself but not together; and forms that change nothing. */
class FormsOfVariablesTest extends WithFolders {
    @AfterEach
    void again() throws Exception {
        QwietAccount.set(qwiet);
        QwietConfiguration.get().setApiHostVariable(QwietConfiguration.DEFAULT_API_HOST_VARIABLE);
        QwietConfiguration.get().save();
    }

    private static String answer(String page, Map<String, String> typed) throws Exception {
        try (var client = Browser.of(jenkins).withThrowExceptionOnFailingStatusCode(false)) {
            HtmlForm form = client.goTo(page).getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            for (var each : typed.entrySet()) {
                form.getInputByName("_." + each.getKey()).setValue(each.getValue());
            }
            var answer = jenkins.submit(form).getWebResponse();
            assertThat(answer.getStatusCode()).as("refused").isEqualTo(400);
            return answer.getContentAsString();
        }
    }

    /** The first is the neighbour. */
    @ParameterizedTest
    @CsvSource({
        "variable,1 bad,Variable for the token",
        "variable,SHIFTLEFT_ORG_ID,Variable for the",
        "orgVariable,SHIFTLEFT_ACCESS_TOKEN,Variable for the",
        "apiHostVariable,SHIFTLEFT_ACCESS_TOKEN,Variable for the API host"
    })
    void aFolderNamesSectionAndField(String field, String typed, String title) throws Exception {
        assertThat(answer(team.getUrl() + "configure", Map.of(field, typed))).contains("Qwiet \u00bb " + title);
    }

    @Test
    void aFolderSaysAllThatIsWrong() throws Exception {
        assertThat(answer(team.getUrl() + "configure", Map.of("validFor", "5", "variable", "SHIFTLEFT_ORG_ID")))
                .contains("valid for")
                .contains("cannot hold both");
    }

    /** The first is the neighbour. */
    @ParameterizedTest
    @CsvSource({"SHIFTLEFT_ACCESS_TOKEN,SHIFTLEFT_ACCESS_TOKEN", "'',SHIFTLEFT_ACCESS_TOKEN"})
    void theGlobalFormNamesSectionAndField(String variable, String host) throws Exception {
        assertThat(answer("configure", Map.of("variable", variable, "apiHostVariable", host)))
                .contains("cannot hold the API host too")
                .contains("Qwiet \u00bb Variable for the API host");
    }

    @Test
    void aMultibranchProjectStaysAsItWas() throws Exception {
        var project = team.createProject(WorkflowMultiBranchProject.class, newName());
        var property = new QwietFolderProperty();
        property.setCredentialsId("gone");
        property.setOrgId("6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
        property.setValidFor("15m");
        property.setVariable("TEAM_TOKEN");
        property.setOrgVariable("TEAM_ORG");
        property.setApiHostVariable("TEAM_HOST");
        property.setEnforced(true);
        project.addProperty(property);
        try (var client = Browser.of(jenkins)) {
            var form = client.goTo(project.getUrl() + "configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            jenkins.submit(form);
        }
        var after = project.getProperties().get(QwietFolderProperty.class);
        assertThat(after).isNotSameAs(property);
        assertThat(after.settings()).isEqualTo(property.settings());
    }

    @Test
    void theGlobalFormKeepsThatNoHostIsBound() throws Exception {
        QwietConfiguration.get().setApiHostVariable("");
        QwietConfiguration.get().save();
        try (var client = Browser.of(jenkins)) {
            var form = client.goTo("configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            jenkins.submit(form);
        }
        assertThat(QwietConfiguration.get().getApiHostVariable()).isEmpty();
    }
}
