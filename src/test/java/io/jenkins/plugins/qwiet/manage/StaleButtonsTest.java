package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleProject;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.Browser;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buttons of a page that is older than what it shows: a job has another name, a build another token. */
class StaleButtonsTest extends NoticesOfActs {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aButtonRevokesTheTokensOfABuildWhoseFolderHasAnotherName(boolean renamed) throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        FreeStyleProject job = folder.createProject(FreeStyleProject.class, "shop");
        String build = jenkins.buildAndAssertSuccess(job).getExternalizableId();
        open(1, "scan 1", build);
        open(2, "scan 2", build);
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            HtmlElement all = client.goTo(PAGE).getFirstByXPath("//a[contains(@data-url, 'revokeBuild')]");
            if (renamed) {
                folder.renameTo(newName());
                await().untilAsserted(() -> assertThat(
                                store.ofBuild(job.getLastBuild().getExternalizableId()))
                        .hasSize(2));
            }
            HtmlPage after = act(client, all.getAttribute("data-url"));
            assertThat(qwiet.organization().liveTokens()).hasSize(2);
            assertThat(notices(after)).singleElement().asString().startsWith("Could not revoke 2: ");
        } finally {
            endTheRest();
        }
    }

    /** What the dialog says is what is done: a build that runs gets another token while somebody reads. */
    @Test
    void theButtonRevokesAsManyAsItSays() throws Exception {
        open(1, "scan 1", "gone#7");
        open(2, "scan 2", "gone#7");
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            HtmlElement all = client.goTo(PAGE).getFirstByXPath("//a[contains(@data-url, 'revokeBuild')]");
            assertThat(all.getAttribute("data-ok-text")).isEqualTo("Revoke 2");
            open(3, "scan 3", "gone#7");
            qwiet.clearFaults();
            HtmlPage after = act(client, all.getAttribute("data-url"));
            assertThat(notices(after)).singleElement().asString().startsWith("Revoked 2 ");
        } finally {
            endTheRest();
        }
    }

    /** The part of the page with the buttons was put in its place by the script. */
    @Test
    void theButtonsWorkAfterThePageLookedAgain() throws Exception {
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        open(9, "keeps the organization", "gone#9");
        Hold lists = qwiet.hold(Operation.LIST);
        try (var client = Browser.of(jenkins, "admin")) {
            HtmlPage page = client.goTo(PAGE + "organizations/");
            page = page.<HtmlElement>getFirstByXPath("//form[contains(@action, 'look?')]//button")
                    .click();
            assertThat(notices(page)).singleElement().asString().startsWith("Qwiet is being asked");
            client.waitForBackgroundJavaScript(5000);
            lists.release();
            HtmlPage asked = page;
            await().untilAsserted(() -> {
                client.waitForBackgroundJavaScript(1000);
                assertThat(notices(asked)).singleElement().asString().doesNotStartWith("Qwiet is being asked");
            });
            HtmlPage again = asked.<HtmlElement>getFirstByXPath("//form[contains(@action, 'look?')]//button")
                    .click();
            assertThat(again.getWebResponse().getStatusCode()).isEqualTo(200);
            assertThat(notices(again)).isNotEmpty();
        } finally {
            lists.release();
            endTheRest();
        }
    }
}
