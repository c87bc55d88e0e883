package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.Users;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** What the page of open tokens says before and after an administrator acts, and where it leads. */
class AnswersToActsTest extends WithQwiet {
    private static final String PAGE = "manage/qwiet-ci-tokens/";

    private LeaseStore store;

    @BeforeAll
    static void letIn() {
        Users.letIn(jenkins);
    }

    @BeforeEach
    void openStore() throws Exception {
        store = JenkinsLeases.get().leasing().store();
        // The janitor of this Jenkins would end these leases, sooner or later.
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
    }

    private void openOfWhatIsGone(int number, String label, String buildId) throws Exception {
        qwiet.organization().delete(open(number, label, buildId));
    }

    /** The token's id. */
    private String open(int number, String label, String buildId) throws Exception {
        String id = qwiet.organization().add(label, "", null, "access").id();
        Lease lease = SomeLeases.lease(
                number, label, buildId, SomeLeases.organization(qwiet), id, SomeLeases.now(), null, null);
        store.put(SomeLeases.openedNow(lease));
        return id;
    }

    private static HtmlPage act(JenkinsRule.WebClient client, String path) throws Exception {
        return client.getPage(client.addCrumb(new WebRequest(new URL(jenkins.getURL(), PAGE + path), HttpMethod.POST)));
    }

    private static String notice(HtmlPage page) {
        DomNode notice = page.querySelector(".qwiet-notice");
        return notice == null ? "" : notice.asNormalizedText();
    }

    private static JenkinsRule.WebClient admin() throws Exception {
        return Browser.withoutScripts(jenkins, "admin");
    }

    @Test
    void saysOnceWhatWasRevoked() throws Exception {
        for (int number = 1; number <= 4; number++) {
            open(number, "scan " + number, number < 4 ? "gone#7" : "gone#8");
        }
        qwiet.clearFaults();
        try (var client = admin()) {
            HtmlPage after = act(client, "revokeBuild?build=gone%237&q=gone%237&state=");

            assertThat(notice(after)).isEqualTo("Revoked 3 tokens of gone#7.");
            assertThat(after.<DomElement>querySelector(".qwiet-notice").getAttribute("class"))
                    .contains("alert-success");
            assertThat(after.getUrl().getQuery()).startsWith("q=gone%237&state=");
            assertThat(notice((HtmlPage) after.refresh())).isEmpty();

            String nonce = store.ofBuild("gone#8").get(0).nonce();
            assertThat(notice(act(client, "revoke?nonce=" + nonce)))
                    .isEqualTo("Revoked the token \"scan 4\" of gone#8.");
            assertThat(notice(act(client, "revoke?nonce=" + nonce))).startsWith("Nothing was left to revoke");
        }
    }

    /** Nobody but this act revokes anything meanwhile. */
    private String noticeOf(String path) throws Exception {
        try (var client = admin()) {
            qwiet.clearFaults();
            HtmlPage after = act(client, path);
            qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
            assertThat(after.<DomElement>querySelector(".qwiet-notice").getAttribute("class"))
                    .contains("alert-success");
            return notice(after);
        }
    }

    @Test
    void whatWasGoneWasRevokedBySomebodyElse() throws Exception {
        open(1, "scan 1", "gone#7");
        open(2, "scan 2", "gone#7");
        openOfWhatIsGone(3, "scan 3", "gone#7");
        assertThat(noticeOf("revokeBuild?build=gone%237")).isEqualTo("Revoked 2 tokens of gone#7; 1 was gone already.");

        openOfWhatIsGone(4, "scan 4", "gone#8");
        String nonce = store.ofBuild("gone#8").get(0).nonce();
        assertThat(noticeOf("revoke?nonce=" + nonce))
                .isEqualTo(
                        "The token \"scan 4\" of gone#8 was gone already: it was revoked in another way, or it had expired.");

        openOfWhatIsGone(5, "scan 5", "gone#9");
        openOfWhatIsGone(6, "scan 6", "gone#9");
        assertThat(noticeOf("revokeBuild?build=gone%239"))
                .isEqualTo("2 tokens of gone#9 were gone already: revoked in another way, or expired.");
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void saysOfSomeThatTheyCouldNotBeRevoked() throws Exception {
        open(1, "scan 1", "gone#7");
        open(2, "scan 2", "gone#7");
        openOfWhatIsGone(3, "scan 3", "gone#7");
        qwiet.clearFaults();
        qwiet.fault(Fault.status(Operation.DELETE, 403, "FORBIDDEN", "not for you"));
        try (var client = admin()) {
            assertThat(notice(act(client, "revokeBuild?build=gone%237")))
                    .containsPattern("^(Revoked 1 token of gone#7; 1 was gone already|Revoked 2 tokens of gone#7)\\. ")
                    .contains(" Could not revoke 1: ", "403", "Jenkins keeps trying");
        }
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    /** By keyboard, the next one is not to be looked for from the top of the page. */
    @Test
    void goesOnWhereTheActWas() throws Exception {
        for (int number = 1; number <= 3; number++) {
            open(number, "scan " + number, "gone#" + number);
        }
        qwiet.clearFaults();
        try (var client = Browser.of(jenkins, "admin")) {
            HtmlPage page = client.goTo(PAGE + "?sort=TOKEN&order=asc");
            // No browser of a test shows dialogs.
            page.executeJavaScript("dialog.confirm = function () { return { then: function (ok) { ok(); } }; }");

            page.<HtmlElement>querySelector("a[aria-label='Revoke the token \"scan 2\" of gone#2?']")
                    .click();
            client.waitForBackgroundJavaScript(5000);

            var after = (HtmlPage) client.getCurrentWindow().getEnclosedPage();
            assertThat(notice(after)).isEqualTo("Revoked the token \"scan 2\" of gone#2.");
            assertThat(((HtmlElement) after.getActiveElement()).getAttribute("aria-label"))
                    .isEqualTo("Revoke the token \"scan 3\" of gone#3?");
        }
    }

    /** Whoever stands on a row, or has begun to type, is not thrown out by what goes on elsewhere. */
    @Test
    void followsAnActWithoutTakingWhatSomebodyIsAt() throws Exception {
        open(1, "scan 1", "gone#7");
        open(2, "scan 2", "gone#7");
        // Nothing here has an account that may revoke it.
        Lease other = SomeLeases.openedNow(SomeLeases.released(3, "scan 3", "gone#8", SomeLeases.nowhere()));
        store.put(other);
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var client = Browser.of(jenkins, "admin")) {
            HtmlPage page = act(client, "revokeBuild?build=gone%237");
            assertThat(notice(page)).startsWith("Revoked 0 of 2");
            HtmlElement search = page.getFirstByXPath("//input[@name='q']");
            search.type("night");
            HtmlElement bin = page.getFirstByXPath("//a[contains(@aria-label, 'scan 3')]");
            bin.focus();

            hold.release();

            await().untilAsserted(() -> {
                client.waitForBackgroundJavaScript(3000);
                assertThat(notice(page)).isEqualTo("Revoked 2 tokens of gone#7.");
            });
            assertThat(client.getCurrentWindow().getEnclosedPage()).isSameAs(page);
            assertThat(page.querySelectorAll("#qwiet-open-tokens tbody tr")).hasSize(1);
            assertThat(((HtmlElement) page.getActiveElement()).getAttribute("aria-label"))
                    .isEqualTo("Revoke the token \"scan 3\" of gone#8?");
            assertThat(page.<HtmlInput>getFirstByXPath("//input[@name='q']").getValue())
                    .isEqualTo("night");
        }
        store.remove(other.nonce()).join();
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    @Test
    void aCleanupLeadsBackToWhatWasLookedFor() throws Exception {
        try (var client = admin()) {
            HtmlPage page = client.goTo(PAGE + "?q=nightly&state=RELEASED&page=1&sort=BUILD&order=desc");
            var form = (HtmlForm) page.getElementById("qwiet-sweep");

            assertThat(form.getActionAttribute())
                    .startsWith("sweep?")
                    .contains("q=nightly", "state=RELEASED", "sort=BUILD", "order=desc");
        }
    }

    @Test
    void saysWhyNothingWasRevoked() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 401, "UNAUTHORIZED", "who are you"));
        try (var client = admin()) {
            HtmlPage after = act(client, "revokeBuild?build=gone%237");

            assertThat(notice(after))
                    .startsWith("Could not revoke 2: ")
                    .contains("401", "tried just now")
                    .doesNotContain("Revoked");
            assertThat(after.<DomElement>querySelector(".qwiet-notice").getAttribute("class"))
                    .contains("alert-warning");
            assertThat(notice(act(client, "sweep")))
                    .startsWith("Cleanup completed: 0 revoked")
                    .contains("401", "tried just now");

            qwiet.clearFaults();
            assertThat(notice(act(client, "sweep"))).contains("2 revoked").doesNotContain("Could not");
        }
        await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
    }

    @Test
    void followsWhatTakesLongUntilItIsDone() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var client = admin()) {
            HtmlPage after = act(client, "revokeBuild?build=gone%237&q=scan");

            assertThat(notice(after)).startsWith("Revoked 0 of 2 tokens of gone#7 so far.");
            assertThat(after.getUrl().getQuery())
                    .endsWith("act=" + goingOn(after).get(0));
            assertThat(notice((HtmlPage) after.refresh())).startsWith("Revoked 0 of 2");

            hold.release();
            await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
            await().untilAsserted(() ->
                    assertThat(notice((HtmlPage) after.refresh())).isEqualTo("Revoked 2 tokens of gone#7."));
            assertThat(notice((HtmlPage) after.refresh())).isEmpty();
        }
    }

    @Test
    void saysOfEachOfTwoActsWhatBecameOfIt() throws Exception {
        open(1, "scan", "gone#7");
        open(2, "scan", "gone#7");
        open(3, "scan", "gone#8");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var client = admin()) {
            act(client, "revokeBuild?build=gone%237");
            HtmlPage after = act(client, "revokeBuild?build=gone%238");

            assertThat(notices(after))
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("Revoked 0 of 2 tokens of gone#7 so far."),
                            second -> assertThat(second).startsWith("Revoked 0 of 1 token of gone#8 so far."));

            hold.release();
            List<String> said = new ArrayList<>();
            // No script asks for the first, as if its page had been left.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                notices((HtmlPage) after.refresh()).stream()
                        .filter(notice -> !notice.contains("so far"))
                        .forEach(said::add);
                assertThat(said)
                        .containsExactlyInAnyOrder(
                                "Revoked 2 tokens of gone#7.", "Revoked the token \"scan\" of gone#8.");
            });
            assertThat(notices((HtmlPage) after.refresh())).isEmpty();
        }
    }

    private static List<String> goingOn(HtmlPage page) {
        return page.querySelectorAll(".qwiet-notice[data-goes-on]").stream()
                .map(notice -> ((DomElement) notice).getAttribute("data-goes-on"))
                .toList();
    }

    /** As the script of a page looks again. */
    private static HtmlPage lookAgain(JenkinsRule.WebClient client, HtmlPage page) throws Exception {
        String query = page.getUrl().getQuery() == null ? "?" : "&";
        return client.getPage(new URL(page.getUrl() + query + "awaited=" + String.join("&awaited=", goingOn(page))));
    }

    @Test
    void saysToEachOfTwoTabsWhatItIsWaitingFor() throws Exception {
        open(1, "scan 1", "gone#7");
        open(2, "scan 2", "gone#8");
        qwiet.clearFaults();
        QwietConfiguration.get().setCallTimeout(60);
        Hold hold = qwiet.hold(Operation.DELETE);
        try (var client = admin()) {
            act(client, "revokeBuild?build=gone%237");
            HtmlPage one = act(client, "revokeBuild?build=gone%238");
            HtmlPage other = client.goTo(PAGE);
            assertThat(goingOn(one)).hasSize(2).isEqualTo(goingOn(other));

            hold.release();
            await().untilAsserted(() -> assertThat(store.leases()).isEmpty());

            for (HtmlPage page : List.of(one, other)) {
                await().untilAsserted(() -> assertThat(notices(lookAgain(client, page)))
                        .containsExactly(
                                "Revoked the token \"scan 1\" of gone#7.", "Revoked the token \"scan 2\" of gone#8."));
            }
            assertThat(notices((HtmlPage) one.refresh())).isEmpty();
        }
    }

    @Test
    void saysNothingInOneTabOfWhatAnotherLeadsTo() throws Exception {
        open(1, "scan 1", "gone#7");
        open(2, "scan 2", "gone#8");
        qwiet.clearFaults();
        try (var client = admin()) {
            client.getOptions().setRedirectEnabled(false);
            client.setThrowExceptionOnFailingStatusCode(false);
            List<String> tabs = new ArrayList<>();
            for (String build : List.of("gone%237", "gone%238")) {
                var post =
                        new WebRequest(new URL(jenkins.getURL(), PAGE + "revokeBuild?build=" + build), HttpMethod.POST);
                tabs.add(client.getPage(client.addCrumb(post)).getWebResponse().getResponseHeaderValue("Location"));
            }
            for (String label : List.of("scan 2", "scan 1")) {
                var tab = new URL(jenkins.getURL(), tabs.get(label.equals("scan 1") ? 0 : 1));
                assertThat(notices(client.getPage(tab)))
                        .singleElement()
                        .asString()
                        .contains("\"" + label + "\"");
                assertThat(notices(client.getPage(tab))).isEmpty();
            }
        }
    }

    private static List<String> notices(HtmlPage page) {
        return page.querySelectorAll(".qwiet-notice").stream()
                .map(DomNode::asNormalizedText)
                .toList();
    }

    @Test
    void asksWithTheNameOfWhatItDestroys() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        String build = jenkins.buildAndAssertSuccess(job).getExternalizableId();
        for (int number = 1; number <= 3; number++) {
            open(number, "scan \"<b>" + number, number < 3 ? build : "gone#8");
        }
        try (var client = admin()) {
            List<HtmlAnchor> links = client.goTo(PAGE).<HtmlElement>getByXPath("//a[@data-ok-text]").stream()
                    .map(HtmlAnchor.class::cast)
                    .toList();

            assertThat(links)
                    .extracting(link -> link.getAttribute("data-title"))
                    .contains(
                            "Revoke the token \"scan \"<b>1\" of " + build + "?",
                            "Revoke all 2 unrevoked tokens of " + build + "?",
                            "Revoke the token \"scan \"<b>3\" of gone#8?");
            assertThat(links)
                    .extracting(link -> link.getAttribute("data-ok-text"))
                    .containsOnly("Revoke", "Revoke 2");
            assertThat(links)
                    .extracting(link -> link.getAttribute("data-message"))
                    .contains("This build is completed.", "This Jenkins no longer has such a build.");
            assertThat(links)
                    .extracting(link -> link.getAttribute("aria-label"))
                    .allMatch(name -> name.startsWith("Revoke ") && name.contains("#"));
        }
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    @Test
    void theAddressOfASearchHasWhatIsSearchedForAndNothingElse() throws Exception {
        open(1, "scan 1", "gone#7");
        try (var client = Browser.of(jenkins, "admin")) {
            HtmlPage page = client.goTo(PAGE + "?sort=BUILD&order=desc");
            List<HtmlForm> forms = page.getForms().stream()
                    .filter(form -> form.getMethodAttribute().equalsIgnoreCase("get"))
                    .filter(form -> form.getAttribute("class").contains("qwiet"))
                    .toList();
            assertThat(forms).hasSize(1);
            HtmlForm form = forms.get(0);
            form.getInputByName("q").setValue("scan");

            HtmlPage found = form.<HtmlElement>getFirstByXPath(".//button").click();

            assertThat(found.getUrl().getQuery()).isEqualTo("q=scan&state=&sort=BUILD&order=desc");
            assertThat(found.querySelectorAll("#qwiet-open-tokens tbody tr")).hasSize(1);
        }
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    @Test
    void sortsOverAllPagesAndKeepsThatInTheAddress() throws Exception {
        for (int number = 1; number <= 120; number++) {
            open(number, "scan " + (1000 - number), "gone#" + number);
        }
        try (var client = admin()) {
            HtmlPage sorted = client.goTo(PAGE).getAnchorByText("Token").click();
            assertThat(first(sorted)).contains("scan 880");
            HtmlPage next =
                    sorted.<HtmlAnchor>getFirstByXPath("//a[@rel='next']").click();
            assertThat(next.getUrl().getQuery()).isEqualTo("q=&state=&page=2&sort=TOKEN&order=asc");
            assertThat(first(next)).contains("scan 980");
            HtmlPage down = sorted.getAnchorByText("Token").click();
            assertThat(first(down)).contains("scan 999");
            assertThat(down.querySelectorAll(".qwiet-open-paging")).hasSize(2);
            assertThat(client.goTo(PAGE + "?q=scan+9").getAnchors())
                    .extracting(HtmlAnchor::getHrefAttribute)
                    .contains("tokens.json?q=scan+9&state=&page=1");
        }
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    private static String first(HtmlPage page) {
        return page.querySelector("#qwiet-open-tokens tbody tr").asNormalizedText();
    }
}
