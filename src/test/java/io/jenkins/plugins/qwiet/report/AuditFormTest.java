package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The form of an audit, as a screen reader reads it. */
class AuditFormTest extends OnJenkins {
    @ParameterizedTest
    @CsvSource({
        "ownTokenLive, A token of this build is still active",
        "neverExpires, A CI token never expires",
        "leftByBuild, A completed build left an active token",
        "listUnavailable, The list of tokens is not available",
        "expiresLate, A CI token expires later",
        "tooMany, More CI tokens are active",
        "labelMismatch, The label of a CI token does not match the pattern"
    })
    void eachRuleHasAName(String rule, String title) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject(newName());
        project.getPublishersList().add(new QwietTokenAudit());

        HtmlPage page = Browser.withoutScripts(jenkins).getPage(project, "configure");

        HtmlSelect select = page.getElementByName("_." + rule);
        assertThat(select.getAttribute("aria-label")).isEqualTo(title);
        assertThat(page.asNormalizedText()).contains(title);
    }
}
