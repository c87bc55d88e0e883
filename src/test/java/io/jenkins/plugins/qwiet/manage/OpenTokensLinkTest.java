package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.cli.CLICommandInvoker;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What people see of the open leases, and who may do what about them. */
class OpenTokensLinkTest extends WithQwiet {
    private static final String PAGE = "manage/qwiet-ci-tokens/";

    private LeaseStore store;

    @BeforeAll
    static void secure() throws Exception {
        FreeStyleProject open = jenkins.createFreeStyleProject("readable");
        Jenkins.SYSTEM_READ.setEnabled(true);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("looker", "stranger")
                .grant(Item.READ)
                .onItems(open)
                .to("looker")
                .grant(Jenkins.READ)
                .everywhere()
                .to("user"));
    }

    @AfterAll
    static void forget() {
        Jenkins.SYSTEM_READ.setEnabled(false);
    }

    @BeforeEach
    void openStore() throws Exception {
        store = JenkinsLeases.get().leasing().store();
        // The janitor of this Jenkins would end these leases, sooner or later.
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
    }

    private Lease open(int number, String label, String buildId) throws Exception {
        Lease lease = SomeLeases.released(number, label, buildId, SomeLeases.organization(qwiet));
        store.put(lease);
        return lease;
    }

    /** A lease whose token is there. */
    private Lease openInQwiet(int number, String buildId) throws Exception {
        String id = qwiet.organization().add("x", "", null, "access").id();
        Lease lease = SomeLeases.lease(
                number, "x", buildId, SomeLeases.organization(qwiet), id, SomeLeases.now(), null, null);
        store.put(lease);
        return lease;
    }

    @Test
    void saysThatTheClocksDiffer() throws Exception {
        assertThat(page("looker", "").getElementById("qwiet-skew")).isNull();
        qwiet.clearFaults();
        qwiet.tellTime(Duration.ofHours(3));
        openInQwiet(1, "nowhere#1");
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);

        assertThat(page("looker", "").getElementById("qwiet-skew").asNormalizedText())
                .contains("minutes behind Qwiet's");
    }

    private HtmlPage page(String user, String query) throws Exception {
        return Browser.of(jenkins, user).goTo(PAGE + query);
    }

    private Page request(String user, HttpMethod method, String path) throws Exception {
        JenkinsRule.WebClient client;
        if (user != null) {
            client = Browser.withoutScripts(jenkins, user);
        } else {
            client = Browser.withoutScripts(jenkins);
            // Jenkins would refer anybody else to the login page.
            client.setRefreshHandler((page, url, seconds) -> {});
        }
        var request = new WebRequest(new URL(jenkins.getURL(), PAGE + path), method);
        if (method == HttpMethod.POST) {
            client.addCrumb(request);
        }
        return client.getPage(request);
    }

    private static int status(Page page) {
        return page.getWebResponse().getStatusCode();
    }

    @Test
    void showsAnAdministratorAllThatIsKnown() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        var run = jenkins.buildAndAssertSuccess(job);
        store.put(SomeLeases.openedNow(open(1, "scan of a build that is there", run.getExternalizableId())));
        open(2, "scan of a build that is gone", "gone#7");

        HtmlPage page = page("admin", "");

        String text = page.asNormalizedText();
        assertThat(text)
                .contains("scan of a build that is there", "scan of a build that is gone", "gone#7")
                .contains(
                        qwiet.organization().id(),
                        "token-1",
                        "pending revocation",
                        "1 to 2 of 2 (2 unrevoked)",
                        "Run cleanup now");
        assertThat(page.getAnchors())
                .extracting(anchor -> anchor.getHrefAttribute())
                .contains(jenkins.contextPath + "/" + run.getUrl())
                .noneMatch(href -> href.contains("gone"));
        assertThat(page.querySelectorAll("a.confirmation-link")).hasSize(2);
    }

    @Test
    void isListedUnderManageJenkins() throws Exception {
        assertThat(Browser.of(jenkins, "admin").goTo("manage/").asNormalizedText())
                .contains("Unrevoked Qwiet tokens");
        assertThat(Browser.of(jenkins, "looker").goTo("manage/").asNormalizedText())
                .contains("Unrevoked Qwiet tokens");
    }

    @Test
    void isForReadingOnlyWithSystemRead() throws Exception {
        open(1, "scan", "readable#7");
        HtmlPage page = page("looker", "");
        assertThat(page.asNormalizedText()).contains("scan", "readable#7").doesNotContain("Run cleanup now");
        assertThat(page.querySelectorAll("a.confirmation-link")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "api/json", "revoke", "sweep", "takeOverResting", "forgetResting"})
    void isNotForOthers(String path) throws Exception {
        assertThat(status(request("user", HttpMethod.GET, path))).isEqualTo(403);
        assertThat(status(request(null, HttpMethod.GET, path))).isIn(401, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoke?nonce=00000000000000000000000000000001", "revokeBuild?build=gone%237", "sweep"})
    void actsForAdministratorsOnlyAndOnPostOnly(String path) throws Exception {
        Lease lease = openInQwiet(1, "gone#7");

        assertThat(status(request("looker", HttpMethod.POST, path))).isEqualTo(403);
        assertThat(status(request("user", HttpMethod.POST, path))).isEqualTo(403);
        assertThat(status(request("admin", HttpMethod.GET, path))).isEqualTo(405);
        assertThat(store.find(lease.nonce())).isPresent();

        qwiet.clearFaults();
        assertThat(status(request("admin", HttpMethod.POST, path))).isEqualTo(200);
        await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"takeOverResting", "forgetResting"})
    void onlyAdministratorsSayWhoseLeasesAreThatRest(String path) throws Exception {
        assertThat(status(request("looker", HttpMethod.POST, path))).isEqualTo(403);
        assertThat(status(request("user", HttpMethod.POST, path))).isEqualTo(403);
        assertThat(status(request("admin", HttpMethod.GET, path))).isEqualTo(405);
        assertThat(status(request("admin", HttpMethod.POST, path))).isEqualTo(200);
    }

    @Test
    void revokesOneOrAllOfABuild() throws Exception {
        Lease one = openInQwiet(1, "gone#7");
        openInQwiet(2, "gone#7");
        openInQwiet(3, "gone#7");
        openInQwiet(4, "gone#8");
        // It fails, so that the janitor leaves them alone for half a minute.
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
        Lease other = store.ofBuild("gone#8").get(0);
        assertThat(page("admin", "").asNormalizedText()).contains("All 3");
        qwiet.clearFaults();

        request("admin", HttpMethod.POST, "revoke?nonce=" + one.nonce());
        assertThat(qwiet.organization().liveTokens()).hasSize(3);

        request("admin", HttpMethod.POST, "revokeBuild?build=gone%237");
        assertThat(store.leases()).containsExactly(other);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
    }

    @Test
    void returnsToWhereItWasAskedFrom() throws Exception {
        openInQwiet(1, "gone#7");
        qwiet.clearFaults();
        Page after = request("admin", HttpMethod.POST, "revokeBuild?build=gone%237&q=a%26b&state=LIVE&page=3");
        assertThat(after.getUrl().toString()).contains(PAGE + "?q=a%26b&state=LIVE&page=3&act=");
    }

    @Test
    void showsWhyItFailed() throws Exception {
        Lease lease = openInQwiet(1, "gone#7");
        HtmlPage page = (HtmlPage) request("admin", HttpMethod.POST, "revoke?nonce=" + lease.nonce());
        assertThat(page.asNormalizedText()).contains("HTTP 500 INTERNAL: for now", "since 20");
        qwiet.clearFaults();
        request("admin", HttpMethod.POST, "revoke?nonce=" + lease.nonce());
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void leavesAHostileLabelNoPower() throws Exception {
        open(1, SomeLeases.HOSTILE, "gone#7");
        HtmlPage page = page("admin", "?q=%22%3E%3Cscript%3E&state=%22%3E");
        assertThat(page.getWebResponse().getContentAsString()).doesNotContain("\"><script>");

        page = page("admin", "");
        assertThat(page.asNormalizedText())
                .contains("<script>alert(1)</script>${7*7}\"'><img src=x onerror=alert(2)>\\u202e\\u001b[31m");
        assertThat(page.getWebResponse().getContentAsString())
                .doesNotContain("<script>alert")
                .doesNotContain("<img src=x");
    }

    @Test
    void breaksNoRuleForScripts() throws Exception {
        open(1, "scan", "gone#7");
        assertThat(page("admin", "").getWebResponse().getContentAsString())
                .doesNotContainPattern("(?i)\\son(click|load|error|change|submit)=");
    }

    @Test
    void pagesThroughManyAndFindsAmongThem() throws Exception {
        for (int number = 1; number <= 150; number++) {
            open(number, "scan " + number, "gone#" + number);
        }
        assertThat(page("admin", "").querySelectorAll("#qwiet-open-tokens tbody tr"))
                .hasSize(100);
        HtmlPage second = page("admin", "").getAnchorByHref("?q=&state=&page=2").click();
        assertThat(second.querySelectorAll("#qwiet-open-tokens tbody tr")).hasSize(50);
        assertThat(second.asNormalizedText()).contains("101 to 150 of 150 (150 unrevoked)");
        HtmlPage found = page("admin", "?q=SCAN+149");
        assertThat(found.querySelectorAll("#qwiet-open-tokens tbody tr")).hasSize(1);
        assertThat(page("admin", "?state=LIVE").asNormalizedText())
                .contains("None of the 150 unrevoked tokens matches.");
    }

    @Test
    void tellsProgramsTheSame() throws Exception {
        open(1, SomeLeases.HOSTILE, "readable#7");
        open(2, "scan", "readable#8");
        Page answer = request("looker", HttpMethod.GET, "api/json");
        assertThat(answer.getWebResponse().getContentType()).isEqualTo("application/json");
        String text = answer.getWebResponse().getContentAsString();
        assertThat(text).matches("[\\x20-\\x7e\\r\\n]*").doesNotContain("value");

        JSONObject json = JSONObject.fromObject(text);
        assertThat(json.getInt("open")).isEqualTo(2);
        assertThat(json.getJSONArray("tokens").size()).isEqualTo(2);
        JSONObject token = json.getJSONArray("tokens").getJSONObject(0);
        assertThat(token.getString("label")).isEqualTo(SomeLeases.HOSTILE);
        assertThat(token.getString("build")).isEqualTo("readable#7");
        assertThat(token.getString("organization"))
                .isEqualTo(qwiet.organization().id());
        assertThat(token.getString("state")).isEqualTo("RELEASED");

        json = JSONObject.fromObject(request("admin", HttpMethod.GET, "api/json?q=readable%238")
                .getWebResponse()
                .getContentAsString());
        assertThat(json.getJSONArray("tokens").size()).isEqualTo(1);

        for (String path : List.of("api/json", "tokens.json")) {
            for (var filter : Map.of("?q=readable%238&state=RELEASED", 1, "?q=readable&state=LIVE", 0, "?q=readable", 2)
                    .entrySet()) {
                json = JSONObject.fromObject(request("admin", HttpMethod.GET, path + filter.getKey())
                        .getWebResponse()
                        .getContentAsString());
                assertThat(json.getJSONArray("tokens").size())
                        .as(path + filter.getKey())
                        .isEqualTo(filter.getValue());
            }
        }

        assertThat(request("admin", HttpMethod.GET, "api/json?q=&state=")
                        .getWebResponse()
                        .getStatusCode())
                .isEqualTo(200);
        var misspelt = request("admin", HttpMethod.GET, "api/json?state=life").getWebResponse();
        assertThat(misspelt.getStatusCode()).isEqualTo(400);
        assertThat(misspelt.getContentAsString()).contains("is not a state. Use one of INTENT");
    }

    @Test
    void namesNoJobToWhoMayNotReadIt() throws Exception {
        open(1, "secret label", "hidden-job#7");
        open(2, "plain label", "readable#1");

        String page = page("stranger", "").asNormalizedText();
        String json =
                request("stranger", HttpMethod.GET, "api/json").getWebResponse().getContentAsString();
        String table = new CLICommandInvoker(jenkins, "list-qwiet-tokens")
                .asUser("stranger")
                .invoke()
                .stdout();
        for (String seen : List.of(page, json, table)) {
            assertThat(seen)
                    .contains(qwiet.organization().id())
                    .doesNotContain("secret label", "hidden-job", "plain label", "readable", "jenkins.example/job");
        }
        assertThat(page).contains("a token of a job that you may not see", "2 unrevoked");
        assertThat(JSONObject.fromObject(json).getInt("open")).isEqualTo(2);

        String lookers = page("looker", "").asNormalizedText();
        assertThat(lookers).contains("plain label", "readable#1").doesNotContain("secret label", "hidden-job");
        // What cannot be seen cannot be searched for either.
        assertThat(page("looker", "?q=hidden").asNormalizedText()).doesNotContain("1 of 1");
    }

    /** A lease of this account that has been failing, as the janitor has written it down or will. */
    private void failing(int number, String buildId, Account account, String error) throws Exception {
        String id = qwiet.organization().add("x", "", null, "access").id();
        var since = SomeLeases.now().minus(Duration.ofMinutes(16));
        Lease some = SomeLeases.lease(number, "x", buildId, SomeLeases.organization(qwiet), id, since, error, since);
        var identity = some.identity();
        store.put(new Lease(
                new Lease.Identity(
                        identity.nonce(),
                        identity.label(),
                        identity.organization(),
                        account,
                        identity.buildId(),
                        identity.buildUrl(),
                        identity.openedAt()),
                some.end(),
                some.tokenId(),
                some.releasedAt(),
                some.failure()));
    }

    /** Cleans up; once more if the account was added a moment before, since that ends pauses a moment later. */
    private static void sweepUntilItPausesFor(String account) {
        await().untilAsserted(() -> {
            JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
            assertThat(JenkinsLeases.get().janitor().pauses())
                    .extracting(Object::toString)
                    .anyMatch(pause -> pause.contains(account));
        });
    }

    /** Page, REST, command line and warning, as this user sees them. */
    private List<String> allThatIsSeenBy(String user) throws Exception {
        return List.of(
                page(user, "").asNormalizedText(),
                request(user, HttpMethod.GET, "api/json").getWebResponse().getContentAsString(),
                new CLICommandInvoker(jenkins, "list-qwiet-tokens")
                        .asUser(user)
                        .invoke()
                        .stdout(),
                Browser.of(jenkins, user).goTo("manage/").asNormalizedText());
    }

    @Test
    void namesNoFolderNoAccountAndNoUserInWhatWentWrongToWhoMayNotReadTheJob() throws Exception {
        // It would do for what has no account of its own any more.
        QwietConfiguration.get().setCredentialsId(null);
        Folder folder = jenkins.createProject(Folder.class, "hidden-folder");
        QwietAccount.add(folder, "hidden-account", qwiet.organization().serviceAccount());
        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "hidden-label of hidden-folder/job"));
        var inFolder = new Account("hidden-account", "hidden-folder", null);
        for (int number = 1; number <= 8; number++) {
            failing(number, "hidden-folder/job#" + number, inFolder, "hidden words");
        }
        failing(9, "hidden-job#1", new Account("hidden-account", "", "hidden-user"), "hidden words");
        sweepUntilItPausesFor("hidden-account");

        assertThat(allThatIsSeenBy("stranger"))
                .allSatisfy(
                        seen -> assertThat(seen).contains("500 INTERNAL").doesNotContain("hidden-", "hidden words"));
        assertThat(page("stranger", "").asNormalizedText())
                .contains("a service account of jobs that you may not see")
                .contains("the cause is shown to users who may read the job");
        assertThat(allThatIsSeenBy("admin")).allSatisfy(seen -> assertThat(seen).contains("hidden-folder"));
    }

    @Test
    void namesTheAccountInWhatWentWrongToWhoMayReadTheJob() throws Exception {
        for (int number = 1; number <= 8; number++) {
            failing(number, "readable#" + number, Account.ofJenkins(QwietAccount.ID), "HTTP 500");
        }
        sweepUntilItPausesFor("credentials id: " + QwietAccount.ID);

        assertThat(page("looker", "").asNormalizedText()).contains("credentials id: sa", "for now");
        assertThat(page("stranger", "").asNormalizedText()).doesNotContain("credentials id: sa", "for now");
    }

    @Test
    void showsTimesThatNoCalendarHas() throws Exception {
        Lease some = open(1, "scan", "readable#7");
        store.put(new Lease(some.identity(), End.at(Instant.MAX), "far", null, null));
        Lease other = open(2, "scan", "readable#8");
        store.put(new Lease(other.identity(), End.at(Instant.MIN), null, null, null));

        var table = new CLICommandInvoker(jenkins, "list-qwiet-tokens")
                .asUser("looker")
                .invoke();

        assertThat(table.returnCode()).isZero();
        assertThat(List.of(
                        table.stdout(),
                        page("looker", "").asNormalizedText(),
                        request("looker", HttpMethod.GET, "api/json")
                                .getWebResponse()
                                .getContentAsString()))
                .allSatisfy(seen -> assertThat(seen).contains("+1000000000-12-31T23:59:59", "readable#8"));
    }

    @Test
    void tellsTheCommandLineTheSame() throws Exception {
        open(1, SomeLeases.HOSTILE, "readable#7");
        open(2, "scan", "readable#8");
        var invoker = new CLICommandInvoker(jenkins, "list-qwiet-tokens");

        var table = invoker.asUser("looker").invoke();
        assertThat(table.returnCode()).isZero();
        List<String> lines = table.stdout().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("LABEL").contains("BUILD", "LAST ERROR");
        int build = lines.get(0).indexOf("BUILD");
        assertThat(lines.get(1).indexOf("readable#7")).isEqualTo(build);
        assertThat(lines.get(2).indexOf("readable#8")).isEqualTo(build);
        assertThat(table.stdout()).doesNotContain("\u001b").doesNotContain("\u202e");

        var json = new CLICommandInvoker(jenkins, "list-qwiet-tokens")
                .asUser("admin")
                .invokeWithArgs("-json", "-q", "readable#8");
        assertThat(JSONObject.fromObject(json.stdout()).getJSONArray("tokens").size())
                .isEqualTo(1);

        var misspelt = new CLICommandInvoker(jenkins, "list-qwiet-tokens")
                .asUser("admin")
                .invokeWithArgs("-state", "life");
        assertThat(misspelt.returnCode()).isEqualTo(3);
        assertThat(misspelt.stderr()).contains("\"life\" is not a state");

        var refused = new CLICommandInvoker(jenkins, "list-qwiet-tokens")
                .asUser("user")
                .invoke();
        assertThat(refused.returnCode()).isNotZero();
        assertThat(refused.stdout()).isEmpty();
    }

    @Test
    void warnsAboutALongOutageNamingItsCauseOnce() throws Exception {
        // Whether or not the janitor sweeps while this looks: what it finds is what was found before.
        String error = "<b>no</b> 1f0c2f5e-0000-4000-8000-00000000000";
        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", error + 0));
        var since = SomeLeases.now().minus(Duration.ofMinutes(16));
        for (int number = 1; number <= 3; number++) {
            store.put(SomeLeases.lease(
                    number,
                    "token " + number,
                    "shop#" + number,
                    SomeLeases.organization(qwiet),
                    "token-" + number,
                    since,
                    "HTTP 500 INTERNAL: " + error + number,
                    since));
        }
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
        for (String user : List.of("admin", "looker")) {
            HtmlPage page = Browser.of(jenkins, user).goTo("manage/");
            var warning = page.getHtmlElementById("qwiet-revocations");
            assertThat(warning.asNormalizedText())
                    .containsOnlyOnce(
                            user.equals("admin")
                                    ? "HTTP 500 INTERNAL: <b>no</b> …"
                                    : "HTTP 500 INTERNAL (details are shown to users who may read the job)")
                    .contains("(tokens: 3, failing since " + DisplayTime.text(since));
            assertThat(warning.querySelectorAll("form")).hasSize(user.equals("admin") ? 1 : 0);
            assertThat(page.getAnchorByText("See the unrevoked tokens")
                            .click()
                            .getUrl()
                            .getPath())
                    .endsWith(PAGE);
        }
        for (var lease : store.leases()) {
            store.remove(lease.nonce());
        }
        // The warning looks anew after each sweep, not for each page.
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
        assertThat(Browser.of(jenkins, "admin").goTo("manage/").getElementById("qwiet-revocations"))
                .isNull();
    }
}
