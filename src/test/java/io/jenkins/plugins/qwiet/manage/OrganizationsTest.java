package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.grant.OwnNonces;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.Users;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import jenkins.model.JenkinsLocationConfiguration;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** The page of organizations: what the last audits found, and tokens of builds of this Jenkins whose leases are lost. */
class OrganizationsTest extends OnJenkins {
    private static final String PAGE = "manage/qwiet-ci-tokens/organizations/";

    private LeaseStore store;

    @BeforeAll
    static void letIn() {
        Users.letIn(jenkins);
    }

    @BeforeEach
    void openStore() throws Exception {
        tokensMayStay = true;
        store = JenkinsLeases.get().leasing().store();
    }

    /** A live token of a build, with a mark of this Jenkins and no lease. */
    private FakeToken lost(String label, String buildUrl) throws Exception {
        return add(label, buildUrl, OwnNonces.next());
    }

    private FakeToken add(String label, String buildUrl, String nonce) throws Exception {
        String description = TokenDescription.describe("text", jenkins.getURL() + buildUrl, nonce);
        return qwiet.organization().add(label, description, Instant.now().plus(Duration.ofHours(2)), "access");
    }

    /** The token lives on after its build, as the settings want it. */
    private WorkflowRun leftToExpire(String script) throws Exception {
        QwietConfiguration.get().setRevokeAtEnd(false);
        try {
            return build(Result.SUCCESS, script);
        } finally {
            QwietConfiguration.get().setRevokeAtEnd(true);
        }
    }

    private String query() {
        String api = QwietConfiguration.get().getApiAddress();
        return "?org=" + qwiet.organization().id() + "&api=" + URLEncoder.encode(api, StandardCharsets.UTF_8);
    }

    /** The page after an act, once that is over. */
    private HtmlPage act(String path) throws Exception {
        try (var client = admin()) {
            HtmlPage page = client.getPage(
                    client.addCrumb(new WebRequest(new URL(jenkins.getURL(), PAGE + path), HttpMethod.POST)));
            assertThat(page.getUrl().toString()).contains(PAGE + "?act=");
            HtmlPage[] last = {page};
            await().until(() -> {
                DomElement notice = last[0].querySelector(".qwiet-notice");
                boolean goesOn = notice != null && notice.hasAttribute("data-goes-on");
                if (goesOn) {
                    last[0] = (HtmlPage) last[0].refresh();
                }
                return !goesOn;
            });
            return last[0];
        }
    }

    private HtmlPage look() throws Exception {
        return act("look" + query());
    }

    private String revoke(FakeToken token) throws Exception {
        return notice(act("revoke" + query() + "&id=" + token.id()));
    }

    private static String notice(HtmlPage page) {
        DomElement notice = page.querySelector(".qwiet-notice");
        return notice == null ? "" : notice.asNormalizedText();
    }

    private static JenkinsRule.WebClient admin() throws Exception {
        return Browser.withoutScripts(jenkins, "admin");
    }

    private static List<String> offered(HtmlPage page) {
        return page.<HtmlElement>getByXPath("//a[contains(@data-url, 'revoke?')]").stream()
                .map(link -> link.getAttribute("data-title"))
                .toList();
    }

    @Test
    void showsTheLastAuditsNumbersOfEachOrganization() throws Exception {
        qwiet.organization().add("endless", "by hand", null, "access");
        WorkflowRun audit = build(Result.SUCCESS, "qwietTokenAudit()");
        try (var client = admin()) {
            for (String path : List.of(PAGE, "manage/qwiet-ci-tokens/")) {
                HtmlPage page = client.goTo(path);
                assertThat(page.getElementById("qwiet-organizations").asNormalizedText())
                        .containsPattern(qwiet.organization().id() + "\\s[\\s\\S]*?\\s1\\s+1\\s+0\\s+20")
                        .contains(audit.getExternalizableId());
                assertThat(page.getAnchorByText(audit.getExternalizableId()).getHrefAttribute())
                        .endsWith(audit.getUrl() + "qwiet-tokens/");
                for (String view : List.of("LIVE", "NEVER_EXPIRES", "LEFT_BEHIND")) {
                    assertThat(page.<HtmlElement>getByXPath("//table[@id='qwiet-organizations']//td/a[contains(@href, '"
                                    + audit.getUrl() + "qwiet-tokens/?view=" + view + "#')]"))
                            .hasSize(1);
                }
            }
            assertThat(client.goTo(PAGE).asNormalizedText()).contains("Look here for orphaned tokens");
        }
        try (var client = Browser.withoutScripts(jenkins, "auditor")) {
            HtmlPage page = client.goTo(PAGE);
            assertThat(page.getElementById("qwiet-organizations").asNormalizedText())
                    .contains(qwiet.organization().id())
                    .doesNotContain(audit.getParent().getName(), "Look for");
            assertThat(page.querySelectorAll("#qwiet-organizations a")).isEmpty();
            for (String path : List.of(PAGE, "manage/qwiet-ci-tokens/")) {
                assertThat(client.goTo(path)
                                .querySelector(".qwiet-open-description")
                                .asNormalizedText())
                        .doesNotContain("Look", "look", "revoke them");
            }
        }
    }

    /** Not every client takes a dot out of a path, and then the breadcrumbs would have the page twice. */
    @Test
    void anActLeadsToTheVeryPage() throws Exception {
        try (var client = admin()) {
            client.getOptions().setRedirectEnabled(false);
            var look = new WebRequest(new URL(jenkins.getURL(), PAGE + "look" + query()), HttpMethod.POST);
            String location = client.loadWebResponse(client.addCrumb(look)).getResponseHeaderValue("Location");
            assertThat(location).contains("/" + PAGE + "?act=");
        }
    }

    @Test
    void whatABackupLostIsFoundAndRevoked() throws Exception {
        FakeToken lost = lost("after the backup", "job/never-was/job/shop/5/");
        HtmlPage page = look();
        assertThat(notice(page))
                .startsWith("Orphaned tokens without a lease, of builds that this Jenkins does not know,"
                        + " or that their descriptions do not name: 1.");
        assertThat(page.asNormalizedText())
                .contains("after the backup", lost.id(), "never-was/shop#5", "not known here")
                .contains("no other Jenkins uses them");
        assertThat(offered(page)).containsExactly("Revoke the token \"after the backup\" of never-was/shop#5?");
        HtmlElement link = page.getFirstByXPath("//a[contains(@data-url, 'revoke?')]");
        assertThat(link.getAttribute("data-message"))
                .startsWith("There is no such build here, or ")
                .contains("copy of this home", "its calls to Qwiet will fail");
        assertThat(page.<HtmlElement>getByXPath("//a[contains(@data-url, 'revokeAll')]"))
                .isEmpty();

        assertThat(notice(act("revokeAll" + query()))).startsWith("Nothing was done");
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        assertThat(revoke(lost)).isEqualTo("Revoked the token \"after the backup\" of never-was/shop#5.");
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        assertThat(store.ofBuild("never-was/shop#5")).isEmpty();
        assertThat(revoke(lost)).startsWith("Nothing was done");
        assertThat(notice(look())).isEqualTo("There are no orphaned tokens without a lease.");
    }

    @Test
    void whatIsGoneByThenIsNotSaidToBeRevoked() throws Exception {
        FakeToken lost = lost("in a hurry", "job/never-was/5/");
        leftToExpire("qwietCiToken(label: 'one'); qwietCiToken(label: 'two')");
        assertThat(offered(look())).hasSize(3);
        // It is listed a moment before, and gone when it is to be revoked.
        qwiet.faultAlways(Fault.status(Operation.DELETE, 404, "NOT_FOUND", "There is no such token"));
        assertThat(revoke(lost)).startsWith("The token \"in a hurry\" of never-was#5 was gone already");
        assertThat(notice(act("revokeAll" + query())))
                .isEqualTo("2 orphaned tokens were gone already: revoked in another way, or expired.");
    }

    @Test
    void allOfCompletedBuildsGoTogetherAndNoOthers() throws Exception {
        WorkflowRun over = leftToExpire("for (int i = 0; i < 20; i++) { qwietCiToken(label: \"t${i}\") }");
        FakeToken unknown = lost("unknown", "job/never-was/5/");
        lost("of its number", over.getUrl());
        String copied = qwiet.organization().liveTokens().get(0).description();
        qwiet.organization().add("copied", copied, null, "access");

        HtmlPage page = look();
        assertThat(notice(page)).contains("22, of these 20 of completed builds and 2 of builds that this Jenkins");
        HtmlElement all = page.getFirstByXPath("//a[contains(@data-url, 'revokeAll')]");
        assertThat(all.getAttribute("data-ok-text")).isEqualTo("Revoke 20");
        assertThat(all.getAttribute("data-title")).startsWith("Revoke 20 orphaned tokens of completed builds in");

        assertThat(notice(act("revokeAll" + query()))).isEqualTo("Revoked 20 orphaned tokens.");
        assertThat(qwiet.organization().liveTokens())
                .extracting(FakeToken::label)
                .containsExactlyInAnyOrder("unknown", "of its number", "copied");
        await().untilAsserted(
                        () -> assertThat(BuildTokens.of(over).orElseThrow().getTokens())
                                .as("the build knows")
                                .allMatch(token -> token.revokedAt() != null));
        assertThat(offered(look())).hasSize(2);
        assertThat(revoke(unknown)).startsWith("Revoked the token");
    }

    @Test
    void aTokenOfABuildThatRunsIsNeitherOfferedNorTaken() throws Exception {
        Paused running = paused("withQwietCiToken(label: 'mine') { semaphore 'PAUSE' }");
        var record = BuildTokens.of(running.run()).orElseThrow().getTokens().get(0);
        store.remove(record.nonce()).join();
        lost("perhaps mine", running.run().getUrl());
        HtmlPage page = look();
        assertThat(offered(page)).isEmpty();
        assertThat(notice(act("revoke" + query() + "&id=" + record.id()))).startsWith("Nothing was done");
        assertThat(qwiet.organization().liveTokens()).hasSize(2);
        running.goOn(Result.SUCCESS);
    }

    @Test
    void nothingIsTakenFromABuildThatBeginsAfterTheLook() throws Exception {
        String name = newName();
        FakeToken lost = lost("perhaps in use", "job/" + name + "/1/");
        assertThat(offered(look())).hasSize(1);
        Paused running = paused(jenkins.createProject(WorkflowJob.class, name), "semaphore 'PAUSE'");

        assertThat(revoke(lost)).isEqualTo("Not revoked: 1, since a build that runs may be using it.");
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        assertThat(store.ofBuild(running.run().getExternalizableId())).isEmpty();
        running.goOn(Result.SUCCESS);
    }

    /** In a copy, those of the original's builds are as many. */
    @Test
    void whatIsOfACompletedBuildIsFoundBehindManyOthers() throws Exception {
        for (int number = 1; number <= 520; number++) {
            lost("before", "job/never-was/" + number + "/");
        }
        leftToExpire("qwietCiToken(label: 'mine')");
        for (int number = 521; number <= 1040; number++) {
            lost("after", "job/never-was/" + number + "/");
        }
        HtmlPage page = look();
        assertThat(notice(page))
                .contains("1041, of these 1 of completed builds and 1040 of builds", "Only 500 of them are shown")
                .doesNotContainIgnoringCase("revoke");
        assertThat(offered(page)).hasSize(500).first().asString().contains("\"mine\"");
        assertThat(notice(act("revokeAll" + query()))).startsWith("Revoked the token \"mine\"");
        assertThat(qwiet.organization().liveTokens()).hasSize(1040);
    }

    @Test
    void whatIsLeftAloneIsStillThereOnThePage() throws Exception {
        WorkflowRun over = leftToExpire("qwietCiToken(label: 'left')");
        assertThat(notice(look())).contains("Orphaned tokens of completed builds, without a lease: 1.");
        over.delete();

        HtmlPage page = act("revokeAll" + query());
        assertThat(notice(page)).startsWith("Not revoked: 1, since other things are known of its build by now");
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        assertThat(page.asNormalizedText())
                .contains("without a lease, of builds that this Jenkins does not know, or")
                .doesNotContain("There are no orphaned tokens");
        assertThat(offered(page)).hasSize(1);
    }

    @Test
    void whatOnlyClaimsToBeOfABuildIsNotOffered() throws Exception {
        add("by hand", "job/never-was/5/", TokenDescription.newNonce());
        assertThat(notice(look())).isEqualTo("There are no orphaned tokens without a lease.");
    }

    /** Jenkins had no URL, say, when it was created. */
    @Test
    void aTokenWhoseMarkNamesNoBuildIsRevokedByItself() throws Exception {
        String description = TokenDescription.describe("text", "", OwnNonces.next());
        FakeToken lost = qwiet.organization().add("scan", description, null, "access");

        HtmlPage page = look();
        assertThat(notice(page)).contains("without a lease, of builds that this Jenkins does not know, or");
        assertThat(page.asNormalizedText()).contains("not known here");
        assertThat(offered(page))
                .containsExactly("Revoke the token \"scan\" of a build that its description does not name?");
        HtmlElement link = page.getFirstByXPath("//a[contains(@data-url, 'revoke?')]");
        assertThat(link.getAttribute("data-message"))
                .startsWith("The description of this token does not name its build.")
                .contains("a completed one may have", "its calls to Qwiet will fail")
                .doesNotContain("was deleted");
        assertThat(revoke(lost)).isEqualTo("Revoked the token \"scan\" of a build that its description does not name.");
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    /** Its host got another name, or it is one of two that have a copy of the same home. */
    @Test
    void ofTokensWithAnotherUrlThoseCountThatARecordHereHas() throws Exception {
        leftToExpire("qwietCiToken(label: 'mine')");
        WorkflowRun other = build(Result.SUCCESS, "echo 'no token'");
        lost("perhaps mine", other.getUrl());
        String url = JenkinsLocationConfiguration.get().getUrl();
        try {
            JenkinsLocationConfiguration.get().setUrl("https://moved.example/ci/");
            assertThat(seenAfter("look"))
                    .contains("Orphaned tokens of completed builds, without a lease: 1.", "mine")
                    .contains("Not shown: 1 with a mark of this Jenkins, but another URL");
            seenAfter("revokeAll");
            await().untilAsserted(() -> assertThat(qwiet.organization().liveTokens())
                    .singleElement()
                    .extracting(FakeToken::label)
                    .isEqualTo("perhaps mine"));
            assertThat(seenAfter("look"))
                    .contains("It is not known whether there are orphaned tokens", "Not shown: 1 with a mark")
                    .doesNotContain("There are no orphaned tokens");
        } finally {
            JenkinsLocationConfiguration.get().setUrl(url);
        }
    }

    /** The page after an act, whose own answer may lead to the other URL. */
    private String seenAfter(String act) throws Exception {
        Browser.ask(jenkins, "admin", HttpMethod.POST, PAGE + act + query());
        try (var client = admin()) {
            return client.goTo(PAGE).asNormalizedText();
        }
    }

    @Test
    void saysThatAListIsCut() throws Exception {
        HttpServer cutting = cutting();
        try {
            QwietAccount.set(
                    "http://127.0.0.1:" + cutting.getAddress().getPort()
                            + URI.create(qwiet.address()).getPath(),
                    qwiet.organization().id(),
                    qwiet.organization().serviceAccount());
            assertThat(notice(look()))
                    .startsWith("It is not known whether there are orphaned tokens without a lease.")
                    .contains("may not be complete")
                    .doesNotContain("There are no");
            FakeToken lost = lost("x", "job/never-was/5/");
            HtmlPage page = look();
            assertThat(notice(page)).contains("without a lease", ": 1.", "may not be complete");
            assertThat(page.<DomElement>querySelector(".qwiet-notice").getAttribute("class"))
                    .contains("warning");
            assertThat(offered(page)).hasSize(1);
            assertThat(revoke(lost)).startsWith("Revoked the token");
        } finally {
            cutting.stop(0);
        }
    }

    /** Passes all on, and says of each list that there is more. */
    private HttpServer cutting() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            try {
                var onward = HttpRequest.newBuilder(URI.create(
                                qwiet.address().replaceFirst("(https?://[^/]+).*", "$1") + exchange.getRequestURI()))
                        .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                        .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.noBody())
                        .build();
                HttpResponse<String> answer = client.send(onward, HttpResponse.BodyHandlers.ofString());
                String text = exchange.getRequestMethod().equals("GET")
                        ? answer.body().replaceFirst("\\{", "{\"has_more\":true,")
                        : answer.body();
                byte[] body = text.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
        return server;
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void saysWhyQwietCouldNotBeAsked(int status) throws Exception {
        FakeToken lost = lost("x", "job/never-was/5/");
        assertThat(offered(look())).hasSize(1);
        qwiet.faultAlways(Fault.status(Operation.LIST, status, "NO", "not for you"));
        assertThat(notice(look()))
                .startsWith("The tokens of " + qwiet.organization().id() + " are not known: ")
                .contains(String.valueOf(status));
        assertThat(revoke(lost)).startsWith("Nothing was revoked: ").contains(String.valueOf(status));
        assertThat(store.ofBuild("never-was#5")).isEmpty();
        assertThat(qwiet.calls(Operation.DELETE)).isZero();
        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.DELETE, status, "NO", "not for you"));
        assertThat(revoke(lost))
                .startsWith("Could not revoke 1: ")
                .contains(String.valueOf(status), "Jenkins keeps trying");
        assertThat(store.ofBuild("never-was#5")).hasSize(1);
        assertThat(notice(look())).isEqualTo("There are no orphaned tokens without a lease.");
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    @Test
    void readersSeeHowManyAndActOnNone() throws Exception {
        for (int number = 1; number <= 300; number++) {
            lost(number == 300 ? SomeLeases.HOSTILE : "secret label " + number, "job/never-was/" + number + "/");
        }
        HtmlPage page = look();
        assertThat(offered(page)).hasSize(300);
        assertThat(page.getWebResponse().getContentAsString())
                .doesNotContain("<script>alert", "<img src=x", "\u202e")
                .contains("&lt;script&gt;alert(1)");
        for (String path : List.of("", "api/json")) {
            String seen =
                    Browser.ask(jenkins, "auditor", HttpMethod.GET, PAGE + path).getContentAsString();
            assertThat(seen).contains("300").doesNotContain("secret label", "never-was");
        }
        assertThat(Browser.ask(jenkins, "admin", HttpMethod.GET, PAGE + "api/json")
                        .getContentAsString())
                .contains("\"ofUnknownBuilds\" : 300", "secret label 299", "\"buildIs\" : \"NOT_KNOWN\"");
        for (String act : List.of("look", "revoke", "revokeAll")) {
            for (String user : List.of("auditor", "reader")) {
                assertThat(Browser.ask(jenkins, user, HttpMethod.POST, PAGE + act + query())
                                .getStatusCode())
                        .as(act)
                        .isEqualTo(403);
            }
            assertThat(Browser.ask(jenkins, "admin", HttpMethod.GET, PAGE + act + query())
                            .getStatusCode())
                    .isEqualTo(405);
        }
        assertThat(Browser.ask(jenkins, "reader", HttpMethod.GET, PAGE).getStatusCode())
                .isEqualTo(403);
        assertThat(notice(act("look?org=" + qwiet.organization().id() + "&api=http%3A%2F%2Fevil.example")))
                .startsWith("Nothing was done");
        assertThat(qwiet.calls(Operation.DELETE)).isZero();
    }
}
