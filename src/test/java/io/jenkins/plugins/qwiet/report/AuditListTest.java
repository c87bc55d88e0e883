package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The list of an audited organization's tokens: what is looked for stands in the address, and in what is exported. */
class AuditListTest extends WithQwiet {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Run<?, ?> audited(int tokens) throws Exception {
        Instant end = Instant.now().plus(Duration.ofDays(9));
        for (int i = 0; i < tokens; i++) {
            qwiet.organization().add("token %04d".formatted(i), "", i % 100 == 7 ? null : end.plusSeconds(i), "access");
        }
        return AuditedJob.FREESTYLE.build(jenkins, Result.SUCCESS, false, Map.of());
    }

    private static HtmlPage page(JenkinsRule.WebClient client, Run<?, ?> run, String query) throws Exception {
        return settled(client, client.goTo(run.getUrl() + "qwiet-tokens/" + query));
    }

    private static HtmlPage settled(JenkinsRule.WebClient client, HtmlPage page) {
        client.waitForBackgroundJavaScript(10_000);
        return page;
    }

    private static String query(HtmlPage page) {
        return (String) page.executeJavaScript("window.location.search").getJavaScriptResult();
    }

    private static List<String> labels(HtmlPage page) {
        return page.querySelectorAll("[data-qwiet=rows] tbody tr").stream()
                .map(row -> row.querySelector("td bdi").getTextContent())
                .toList();
    }

    @Test
    void whatIsLookedForStandsInTheAddress() throws Exception {
        Run<?, ?> run = audited(300);
        var client = Browser.of(jenkins);
        HtmlPage page = page(client, run, "");
        assertThat(query(page)).isEmpty();

        page.<HtmlInput>querySelector("[data-qwiet=search]").type("token 02");
        settled(client, page);
        assertThat(query(page)).isEqualTo("?q=token%2002");
        page.<HtmlButton>querySelector("[data-sort=LABEL] button").click();
        settled(client, page);
        assertThat(query(page)).isEqualTo("?q=token%2002&order=desc");
        page.<HtmlButton>querySelector("[data-qwiet=next]").click();
        settled(client, page);
        assertThat(query(page)).isEqualTo("?q=token%2002&order=desc&offset=50");
        assertThat(labels(page)).hasSize(50).startsWith("token 0249");

        page.executeJavaScript("window.history.back()");
        var back = settled(client, (HtmlPage) client.getCurrentWindow().getEnclosedPage());
        assertThat(query(back)).isEqualTo("?q=token%2002&order=desc");
        assertThat(labels(back)).startsWith("token 0299");

        HtmlPage again = page(client, run, "?q=token%2002&order=desc&offset=50");
        assertThat(labels(again)).hasSize(50).startsWith("token 0249");
        assertThat(again.<HtmlInput>querySelector("[data-qwiet=search]").getValue())
                .isEqualTo("token 02");
        assertThat(again.<DomElement>querySelector("[data-sort=LABEL]").getAttribute("aria-sort"))
                .isEqualTo("descending");
    }

    @Test
    void pagingStandsAboveAndBelow() throws Exception {
        var client = Browser.of(jenkins);
        HtmlPage page = page(client, audited(120), "?limit=25&offset=100");

        assertThat(labels(page)).hasSize(20).startsWith("token 0100");
        List<DomNode> previous = List.copyOf(page.querySelectorAll("[data-qwiet=previous]"));
        assertThat(previous)
                .hasSize(2)
                .allSatisfy(button -> assertThat(((HtmlButton) button).getAttribute("aria-disabled"))
                        .isEqualTo("false"));
        assertThat(page.querySelectorAll("[data-qwiet=next]"))
                .allSatisfy(button -> assertThat(((HtmlButton) button).getAttribute("aria-disabled"))
                        .isEqualTo("true"));
        ((HtmlButton) previous.get(1)).click();
        settled(client, page);
        assertThat(labels(page)).hasSize(25).startsWith("token 0075");
        assertThat(query(page)).isEqualTo("?offset=75&limit=25");
    }

    @Test
    void numbersLeadToTheTokensThatTheyCount() throws Exception {
        Run<?, ?> run = audited(300);
        var client = Browser.of(jenkins);
        HtmlPage page = page(client, run, "");
        HtmlAnchor never = page.getAnchors().stream()
                .filter(link -> link.getHrefAttribute().startsWith("?view=NEVER_EXPIRES"))
                .findFirst()
                .orElseThrow();
        assertThat(never.getTextContent()).isEqualTo("3");

        HtmlPage filtered = settled(client, never.click());

        assertThat(labels(filtered)).containsExactly("token 0007", "token 0107", "token 0207");
        assertThat(filtered.<HtmlSelect>querySelector("[data-qwiet=view]")
                        .getSelectedOptions()
                        .get(0)
                        .getValueAttribute())
                .isEqualTo("NEVER_EXPIRES");
    }

    @Test
    void exportsHaveWhatIsLookedForAndAllPagesOfIt() throws Exception {
        Run<?, ?> run = audited(300);
        var client = Browser.of(jenkins);
        HtmlPage page = page(client, run, "?q=token+01&view=NEVER_EXPIRES&limit=25");

        List<String> exports = page.querySelectorAll("a[data-qwiet=export]").stream()
                .map(link -> ((HtmlAnchor) link).getHrefAttribute())
                .toList();
        assertThat(exports)
                .containsExactly(
                        "tokens.json?q=token%2001&view=NEVER_EXPIRES", "tokens.csv?q=token%2001&view=NEVER_EXPIRES");
        for (String path : List.of("tokens.json", "api/json")) {
            assertThat(JSON.readTree(text(client, run, path + "?q=token+01&view=never_expires"))
                            .get("tokens")
                            .findValuesAsText("label"))
                    .containsExactly("token 0107");
            assertThat(JSON.readTree(text(client, run, path + "?sort=LABEL&order=desc&limit=5"))
                            .get("tokens"))
                    .hasSize(300)
                    .first()
                    .satisfies(token -> assertThat(token.get("label").asText()).isEqualTo("token 0299"));
        }
        assertThat(text(client, run, "tokens.csv?q=token+01").lines()).hasSize(101);
        for (String path : List.of("tokens.json", "api/json", "tokens.csv", "rows")) {
            assertThat(answer(client, run, path + "?view=living").getStatusCode())
                    .as(path)
                    .isEqualTo(400);
        }
    }

    private static String text(JenkinsRule.WebClient client, Run<?, ?> run, String path) throws Exception {
        return answer(client, run, path).getContentAsString(StandardCharsets.UTF_8);
    }

    private static WebResponse answer(JenkinsRule.WebClient client, Run<?, ?> run, String path) throws Exception {
        return client.withThrowExceptionOnFailingStatusCode(false)
                .loadWebResponse(new WebRequest(new URL(jenkins.getURL(), run.getUrl() + "qwiet-tokens/" + path)));
    }

    @Test
    void numbersAreWrittenOneWayEverywhere() throws Exception {
        Run<?, ?> run = audited(2000);
        var client = Browser.of(jenkins);

        for (String text : List.of(main(page(client, run, "")), main(client.getPage(run)), JenkinsRule.getLog(run))) {
            assertThat(text).contains("2000").doesNotContainPattern("[0-9][,.\u00a0\u202f][0-9]{3}(?![0-9])");
        }
    }

    private static String main(HtmlPage page) {
        return page.getElementById("main-panel").asNormalizedText();
    }

    @Test
    void aLongDifferenceIsFolded() throws Exception {
        Job<?, ?> job = AuditedJob.FREESTYLE.make(jenkins.jenkins, newName(), false, Map.of());
        AuditedJob.build(jenkins, Result.SUCCESS, job);
        assertThat(isOpen(added(job, 10))).isTrue();
        HtmlPage page = added(job, 11);
        assertThat(isOpen(page)).isFalse();
        assertThat(page.<DomElement>querySelector(".qwiet-folded > summary").getTextContent())
                .isEqualTo("Tokens: 11");
    }

    private HtmlPage added(Job<?, ?> job, int tokens) throws Exception {
        for (int i = 0; i < tokens; i++) {
            qwiet.organization().add("new " + i, "", null, "access");
        }
        return page(Browser.of(jenkins), AuditedJob.build(jenkins, Result.SUCCESS, job), "");
    }

    private static boolean isOpen(HtmlPage page) {
        return page.<DomElement>querySelector(".qwiet-folded").hasAttribute("open");
    }
}
