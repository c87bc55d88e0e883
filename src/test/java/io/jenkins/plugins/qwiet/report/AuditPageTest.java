package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.fake.FakeToken;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import jenkins.model.Jenkins;
import org.htmlunit.CollectingAlertHandler;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The page "Qwiet token audit" of a build, what lies below it, and who may see how much of it. */
class AuditPageTest extends WithQwiet {
    private static final String NONCE = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HOSTILE = List.of(
            "<script>alert('label')</script>",
            "<img src=x onerror=alert(1)>",
            "safe\u202egnp.exe",
            "two\nlines\r\u001b[31mred",
            "\"><svg onload=alert(2)>",
            "${7*7} #{7*7} ${it.run}",
            "=HYPERLINK(\"http://evil.example\";\"x\")",
            "+1+cmd|' /C calc'!A0",
            "x".repeat(10_000));

    @BeforeAll
    static void secure() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
    }

    @BeforeEach
    void allow() {
        jenkins.jenkins.setAuthorizationStrategy(everybody());
    }

    private static MockAuthorizationStrategy everybody() {
        return new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader", "configurer", "nobody")
                .grant(Item.READ)
                .everywhere()
                .to("reader");
    }

    /** Somebody who sees this item alone, and may configure it. */
    private static void configures(String user, Item... items) {
        jenkins.jenkins.setAuthorizationStrategy(
                everybody().grant(Item.READ, Item.CONFIGURE).onItems(items).to(user));
    }

    private Run<?, ?> audited(boolean mints, Map<String, Object> arguments) throws Exception {
        return AuditedJob.FREESTYLE.build(jenkins, Result.SUCCESS, mints, arguments);
    }

    private static JenkinsRule.WebClient as(String user) throws Exception {
        var client = user.equals("anonymous") ? Browser.of(jenkins) : Browser.of(jenkins, user);
        return client.withThrowExceptionOnFailingStatusCode(false);
    }

    /** What is answered; nobody makes a page of it, as {@link #page} does. */
    private static WebResponse get(JenkinsRule.WebClient client, Run<?, ?> run, String path) throws Exception {
        return client.loadWebResponse(new WebRequest(new URL(jenkins.getURL(), run.getUrl() + path)));
    }

    private static String text(JenkinsRule.WebClient client, Run<?, ?> run, String path) throws Exception {
        WebResponse answer = get(client, run, path);
        assertThat(answer.getStatusCode()).isEqualTo(200);
        return answer.getContentAsString(StandardCharsets.UTF_8);
    }

    private static JsonNode json(JenkinsRule.WebClient client, Run<?, ?> run, String path) throws Exception {
        WebResponse answer = get(client, run, path);
        assertThat(answer.getStatusCode()).isEqualTo(200);
        assertThat(answer.getContentType()).isEqualTo("application/json");
        return JSON.readTree(answer.getContentAsString(StandardCharsets.UTF_8));
    }

    private HtmlPage page(JenkinsRule.WebClient client, Run<?, ?> run) throws Exception {
        HtmlPage page = client.goTo(run.getUrl() + "qwiet-tokens/");
        client.waitForBackgroundJavaScript(10_000);
        return page;
    }

    private static List<String> labels(HtmlPage page) {
        return page.querySelectorAll("[data-qwiet=rows] tbody tr").stream()
                .map(row -> row.querySelector("td bdi").getTextContent())
                .toList();
    }

    private static String status(HtmlPage page) {
        return page.querySelector("[data-qwiet=status]").getTextContent();
    }

    @Test
    void showsTheBuildsTokensTheVerdictAndTheOrganization() throws Exception {
        FakeToken forever = qwiet.organization().add("forever", "in the wiki", null, "access");
        Run<?, ?> run = audited(true, Map.of());

        HtmlPage page = page(as("admin"), run);

        String text = page.asNormalizedText();
        assertThat(text)
                .contains(AuditedJob.MINTED, "revoked", "neverExpires", "1 CI token never expires", forever.id());
        assertThat(labels(page)).containsExactly("forever");
        assertThat(page.querySelector("[data-qwiet=rows] tbody").getTextContent())
                .contains("never expires", "in the wiki", "not by a build");
        assertThat(status(page)).isEqualTo("1 to 1 of 1");
        assertThat(page.querySelectorAll("[style], [onclick], main script:not([src])"))
                .filteredOn(node -> node.getCanonicalXPath().contains("qwiet"))
                .isEmpty();
    }

    @Test
    void theBuildsPageHasASummary() throws Exception {
        qwiet.organization().add("forever", "", null, "access");
        Run<?, ?> run = audited(false, Map.of());

        HtmlPage page = as("reader").getPage(run);

        assertThat(page.asNormalizedText())
                .contains("Active CI tokens: 1, of which 1 never expire", "warning: 1 CI token never expires");
        assertThat(page.getAnchorByText("Qwiet token audit")).isNotNull();
    }

    @Test
    void showsTheDifferenceToTheLastAudit() throws Exception {
        Job<?, ?> job = AuditedJob.PIPELINE.make(jenkins.jenkins, AuditedJob.newName(), false, Map.of());
        qwiet.organization().add("stays", "", null, "access");
        AuditedJob.build(jenkins, Result.SUCCESS, job);
        qwiet.organization().add("added since", "", null, "access");
        Run<?, ?> second = AuditedJob.build(jenkins, Result.SUCCESS, job);

        assertThat(page(as("admin"), second)
                        .querySelector("[data-qwiet=difference]")
                        .getTextContent())
                .contains("added since", "new")
                .doesNotContain("stays");
        HtmlPage readers = page(as("reader"), second);
        assertThat((DomNode) readers.querySelector("[data-qwiet=difference]")).isNull();
        assertThat(readers.asNormalizedText()).contains("1 new, 0 gone, 0 changed");
    }

    @Test
    void findsSortsAndPagesThroughTenThousandTokens() throws Exception {
        Instant end = Instant.now().plus(Duration.ofDays(9));
        for (int i = 0; i < 10_000; i++) {
            qwiet.organization()
                    .add("token %05d".formatted(i), "", i % 1000 == 7 ? null : end.plusSeconds(i), "access");
        }
        Run<?, ?> run = audited(false, Map.of());
        var client = as("admin");

        JsonNode last = json(client, run, "qwiet-tokens/rows?offset=9950&limit=100");
        assertThat(last.get("matching").asInt()).isEqualTo(10_000);
        assertThat(last.get("rows")).hasSize(50);
        assertThat(last.at("/rows/49/label").asText()).isEqualTo("token 09999");
        JsonNode never = json(client, run, "qwiet-tokens/rows?view=never_expires&order=desc&limit=3");
        assertThat(never.get("matching").asInt()).isEqualTo(10);
        assertThat(never.get("rows").findValuesAsText("label"))
                .containsExactly("token 09007", "token 08007", "token 07007");
        assertThat(json(client, run, "qwiet-tokens/rows?limit=999999999&offset=-5&sort=x")
                        .get("rows"))
                .hasSize(500);

        HtmlPage page = page(client, run);
        assertThat(labels(page)).hasSize(50).startsWith("token 00000");
        page.<HtmlButton>querySelector("[data-qwiet=next]").click();
        client.waitForBackgroundJavaScript(10_000);
        assertThat(labels(page)).hasSize(50).startsWith("token 00050");
        assertThat(status(page)).isEqualTo("51 to 100 of 10000");

        page.<HtmlButton>querySelector("[data-sort=LABEL] button").click();
        client.waitForBackgroundJavaScript(10_000);
        assertThat(labels(page)).startsWith("token 09999");
        assertThat(page.<DomElement>querySelector("[data-sort=LABEL]").getAttribute("aria-sort"))
                .isEqualTo("descending");

        page.<HtmlInput>querySelector("[data-qwiet=search]").type("TOKEN 0123");
        client.waitForBackgroundJavaScript(10_000);
        assertThat(labels(page)).hasSize(10).startsWith("token 01239");

        HtmlSelect view = page.querySelector("[data-qwiet=view]");
        view.setSelectedAttribute("LEFT_BEHIND", true);
        client.waitForBackgroundJavaScript(10_000);
        assertThat(labels(page)).isEmpty();
        assertThat(status(page)).isEqualTo("No token matches.");
    }

    @Test
    void hostileTextsAreHarmlessEverywhere() throws Exception {
        for (String hostile : HOSTILE) {
            qwiet.organization().add(hostile, hostile, null, "access");
        }
        Run<?, ?> run = audited(false, Map.of("labelPattern", "x", "labelMismatch", "WARN"));
        var client = as("admin");
        List<String> alerts = new ArrayList<>();
        client.setAlertHandler(new CollectingAlertHandler(alerts));

        HtmlPage page = page(client, run);
        client.getPage(run);

        assertThat(alerts).isEmpty();
        assertThat(labels(page)).hasSize(HOSTILE.size()).contains(HOSTILE.get(0), HOSTILE.get(1), HOSTILE.get(5));
        assertThat(labels(page))
                .allSatisfy(label -> assertThat(label).hasSizeLessThan(200).doesNotContain("\u202e", "\n", "\u001b"));
        assertThat(page.querySelectorAll("[data-qwiet] img, [data-qwiet] script, [onerror], [onload]"))
                .isEmpty();
        assertThat(text(client, run, "qwiet-tokens/")).doesNotContain("<script>alert", "<img src=x", "\u202e");
        assertThat(text(client, run, "")).doesNotContain("<script>alert", "<img src=x", "\u202e");

        assertThat(JenkinsRule.getLog(run))
                .doesNotContain("\u202e", "\u001b[31m")
                .contains("safe\\u202egnp.exe");
        assertThat(JenkinsRule.getLog(run).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(1000));

        WebResponse csv = get(client, run, "qwiet-tokens/tokens.csv");
        assertThat(csv.getContentType()).isEqualTo("text/csv");
        assertThat(csv.getResponseHeaderValue("Content-Disposition"))
                .isEqualTo("attachment; filename=\"qwiet-tokens-1.csv\"");
        String rows = csv.getContentAsString(StandardCharsets.UTF_8);
        assertThat(rows).contains("\"'=HYPERLINK(", "\"'+1+cmd").doesNotContain("\"=", "\"+", "\u202e", "\u001b");
        assertThat(rows.lines()).hasSize(HOSTILE.size() + 1);

        for (String path : List.of("qwiet-tokens/api/json", "qwiet-tokens/tokens.json", "qwiet-tokens/rows")) {
            WebResponse answer = get(client, run, path);
            assertThat(answer.getResponseHeaderValue("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.getContentType()).isEqualTo("application/json");
        }
        assertThat(json(client, run, "qwiet-tokens/api/json").get("tokens").findValuesAsText("label"))
                .contains(HOSTILE.get(0), HOSTILE.get(2))
                .allSatisfy(label -> assertThat(label).hasSizeLessThanOrEqualTo(120));
    }

    @Test
    void aReaderSeesTheBuildsTokensAndNumbersButNotTheOrganization() throws Exception {
        for (int i = 0; i < 9; i++) {
            qwiet.organization().add("forever " + i, "", null, "access");
        }
        Run<?, ?> run = audited(true, Map.of());
        var client = as("reader");

        String page = text(client, run, "qwiet-tokens/");
        assertThat(page)
                .contains(AuditedJob.MINTED, "forever 4", "the first 5 of 9", "you need the permission Job/Configure")
                .doesNotContain("forever 5", "data-rows", "tokens.csv");
        for (String path : List.of("qwiet-tokens/api/json", "qwiet-tokens/tokens.json")) {
            JsonNode answer = json(client, run, path);
            assertThat(answer.at("/report/counts/liveCi").asInt()).isEqualTo(9);
            assertThat(answer.at("/report/violations/0/findings")).hasSize(5);
            assertThat(answer.has("tokens")).isFalse();
            assertThat(answer.has("index")).isFalse();
        }
        assertThat(get(client, run, "qwiet-tokens/rows").getStatusCode()).isEqualTo(403);
        assertThat(get(client, run, "qwiet-tokens/tokens.csv").getStatusCode()).isEqualTo(403);
    }

    @Test
    void whoMayConfigureTheJobSeesTheOrganization() throws Exception {
        qwiet.organization().add("forever", "", null, "access");
        Run<?, ?> run = audited(false, Map.of());
        configures("configurer", run.getParent());
        var client = as("configurer");

        assertThat(labels(page(client, run))).containsExactly("forever");
        assertThat(json(client, run, "qwiet-tokens/api/json").get("tokens")).hasSize(1);
        assertThat(text(client, run, "qwiet-tokens/tokens.csv")).contains("\"forever\"");
    }

    @Test
    void whoMayConfigureTheFolderSeesItToo() throws Exception {
        qwiet.organization().add("forever", "", null, "access");
        Folder folder = jenkins.createProject(Folder.class, AuditedJob.newName());
        Job<?, ?> job = AuditedJob.PIPELINE.make(folder, "inside", false, Map.of());
        Run<?, ?> run = AuditedJob.build(jenkins, Result.SUCCESS, job);
        jenkins.jenkins.setAuthorizationStrategy(everybody()
                .grant(Item.READ)
                .onItems((Item) job)
                .to("configurer")
                .grant(Item.READ, Item.CONFIGURE)
                .onItems(folder)
                .to("configurer"));

        assertThat(json(as("configurer"), run, "qwiet-tokens/rows").get("rows")).hasSize(1);
        assertThat(get(as("reader"), run, "qwiet-tokens/rows").getStatusCode()).isEqualTo(403);
    }

    @Test
    void whoMayNotReadTheJobSeesNothing() throws Exception {
        Run<?, ?> run = audited(false, Map.of());

        for (String user : List.of("nobody", "anonymous")) {
            for (String path : List.of("", "rows", "tokens.csv", "tokens.json", "api/json")) {
                assertThat(get(as(user), run, "qwiet-tokens/" + path).getStatusCode())
                        .as(user + " " + path)
                        .isIn(403, 404);
            }
        }
    }

    @Test
    void leadsOnlyToBuildsThatMayBeReadAndTellsNothingOfOthers() throws Exception {
        FreeStyleProject secret = jenkins.createFreeStyleProject();
        var over = jenkins.buildAndAssertSuccess(secret);
        String root = jenkins.getURL().toString();
        var left = new LeftTokens(qwiet);
        left.add("exists", "why", root + over.getUrl(), over.getExternalizableId());
        left.add("does not", "why", root + "job/never-was/1/", "never-was#1");
        add("claims", root + over.getUrl());
        add("hostile", "javascript:alert(1)//");
        add("hostile too", root + "job/x/1/\"onmouseover=alert(1)/");
        Run<?, ?> run = audited(false, Map.of());
        left.forget();
        configures("configurer", run.getParent());

        JsonNode admins = json(as("admin"), run, "qwiet-tokens/rows");
        assertThat(row(admins, "exists").get("href").asText()).endsWith("/" + over.getUrl());
        assertThat(row(admins, "exists").get("madeBy").asText()).isEqualTo("a completed build");
        JsonNode configurers = json(as("configurer"), run, "qwiet-tokens/rows");
        for (String label : List.of("exists", "does not")) {
            assertThat(row(configurers, label).has("href")).isFalse();
            assertThat(row(configurers, label).get("madeBy").asText()).isEqualTo("a completed or deleted build");
        }
        assertThat(row(admins, "does not").get("madeBy").asText()).isEqualTo("a deleted build");
        assertThat(row(admins, "claims").get("madeBy").asText()).isEqualTo("unknown; it claims to be of a build");
        assertThat(row(configurers, "claims").get("madeBy").asText()).isEqualTo("another build");
        assertThat(row(admins, "does not").get("description").asText()).isEqualTo("why");
        for (String label : List.of("hostile", "hostile too")) {
            assertThat(row(admins, label).has("href")).isFalse();
        }
        assertThat(json(as("configurer"), run, "qwiet-tokens/api/json")
                        .get("tokens")
                        .findValuesAsText("madeBy"))
                .doesNotContain("FINISHED_BUILD", "DELETED_BUILD");
        assertThat(text(as("configurer"), run, "qwiet-tokens/tokens.csv"))
                .doesNotContain("finished_build", "deleted_build");
        assertThat(text(as("configurer"), run, "qwiet-tokens/")).doesNotContain("href=\"/jenkins/" + over.getUrl());
        assertThat(text(as("admin"), run, "qwiet-tokens/")).contains("href=\"/jenkins/" + over.getUrl());
    }

    private void add(String label, String url) {
        qwiet.organization()
                .add(
                        label,
                        TokenDescription.describe("why", url, NONCE),
                        Instant.now().plus(Duration.ofDays(1)),
                        "access");
    }

    private static JsonNode row(JsonNode answer, String label) {
        for (JsonNode row : answer.get("rows")) {
            if (row.get("label").asText().equals(label)) {
                return row;
            }
        }
        throw new AssertionError("no row " + label + " in " + answer);
    }

    @Test
    void aDamagedReportBreaksNoPage() throws Exception {
        Run<?, ?> run = audited(true, Map.of());
        Path file = QwietTokensAction.reportOf(run).file();
        byte[] whole = Files.readAllBytes(file);
        var client = as("admin");

        for (byte[] damaged : List.of(
                new byte[0],
                "no gzip".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(whole, whole.length / 3),
                zipped("no json"),
                zipped("{\"version\":1,\"report\":null}"),
                zipped("{\"version\":1,\"report\":[1]}"),
                zipped("{\"version\":99,\"report\":{}}"))) {
            Files.write(file, damaged);
            assertUnreadable(client, run);
        }
        Files.delete(file);
        assertUnreadable(client, run);
    }

    private static void assertUnreadable(JenkinsRule.WebClient client, Run<?, ?> run) throws Exception {
        assertThat(text(client, run, "")).contains("The report cannot be read");
        assertThat(text(client, run, "qwiet-tokens/")).contains("The report cannot be read");
        for (String path : List.of("rows", "tokens.csv", "tokens.json", "api/json")) {
            assertThat(get(client, run, "qwiet-tokens/" + path).getStatusCode())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    private static byte[] zipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void anOldReportIsShownForWhatItHas() throws Exception {
        Run<?, ?> run = audited(false, Map.of());
        Files.write(QwietTokensAction.reportOf(run).file(), zipped("{\"version\":1,\"report\":{},\"tokens\":[{}]}"));
        var client = as("admin");

        assertThat(text(client, run, "")).contains("Qwiet token audit");
        assertThat(text(client, run, "qwiet-tokens/")).contains("no rule violated");
        assertThat(json(client, run, "qwiet-tokens/rows").get("rows")).hasSize(1);
    }

    @Test
    void outlivesARestart() throws Exception {
        qwiet.organization().add("forever", "", null, "access");
        Run<?, ?> run = audited(true, Map.of());
        run.getParent().doReload();
        Run<?, ?> loaded =
                ((Job<?, ?>) jenkins.jenkins.getItemByFullName(run.getParent().getFullName())).getLastBuild();
        assertThat(loaded).isNotSameAs(run);

        assertThat(text(as("admin"), loaded, "qwiet-tokens/")).contains(AuditedJob.MINTED);
        assertThat(json(as("admin"), loaded, "qwiet-tokens/rows").get("rows")).hasSize(1);
    }

    @Test
    void noAnswerHoldsASecret() throws Exception {
        FakeToken other = qwiet.organization().add("other", "", null, "access");
        Run<?, ?> run = audited(true, Map.of("revoke", true));
        String own = qwiet.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .map(request -> readTree(request.answer()).at("/response/value").asText())
                .findFirst()
                .orElseThrow();
        assertThat(own).startsWith("eyJ");
        var client = as("admin");

        for (String path : List.of(
                "",
                "api/json?depth=9",
                "api/xml?depth=9",
                "consoleText",
                "qwiet-tokens/",
                "qwiet-tokens/rows",
                "qwiet-tokens/tokens.csv",
                "qwiet-tokens/tokens.json",
                "qwiet-tokens/api/json")) {
            assertThat(text(client, run, path))
                    .as(path)
                    .doesNotContain(own)
                    .doesNotContain(other.value())
                    .doesNotContain(qwiet.organization().serviceAccount())
                    .doesNotContain("eyJ");
        }
    }

    private static JsonNode readTree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theFormAnswersThoseAloneWhoMayConfigureTheJob() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        configures("configurer", job);
        var form = jenkins.jenkins.getDescriptorByType(QwietTokenAudit.DescriptorImpl.class);

        try (ACLContext ignored = ACL.as2(User.getById("reader", true).impersonate2())) {
            assertThat(form.doCheckLabelPattern(job, "[").kind).isEqualTo(FormValidation.Kind.OK);
            assertThat(form.doFillCredentialsIdItems(job, "")).noneMatch(each -> each.value.equals(QwietAccount.ID));
        }
        try (ACLContext ignored = ACL.as2(User.getById("configurer", true).impersonate2())) {
            assertThat(form.doCheckLabelPattern(job, "[").kind).isEqualTo(FormValidation.Kind.ERROR);
            assertThat(form.doCheckLabelPattern(job, "team-.*").kind).isEqualTo(FormValidation.Kind.OK);
            assertThat(form.doCheckMaxDays(job, "-1").kind).isEqualTo(FormValidation.Kind.ERROR);
            assertThat(form.doCheckMaxLive(job, "many").kind).isEqualTo(FormValidation.Kind.ERROR);
            assertThat(form.doCheckMaxLive(job, " ").kind).isEqualTo(FormValidation.Kind.OK);
            assertThat(form.doCheckOrgId(job, "x").kind).isEqualTo(FormValidation.Kind.ERROR);
            assertThat(form.doFillCredentialsIdItems(job, "")).anyMatch(each -> each.value.equals(QwietAccount.ID));
        }
    }

    @Test
    void answersNothingButGet() throws Exception {
        Run<?, ?> run = audited(false, Map.of());
        var client = as("admin");
        for (String path : List.of("rows", "tokens.csv", "tokens.json", "api/json")) {
            var request =
                    new WebRequest(client.createCrumbedUrl(run.getUrl() + "qwiet-tokens/" + path), HttpMethod.POST);
            assertThat(client.getPage(request).getWebResponse().getStatusCode())
                    .as(path)
                    .isIn(404, 405);
        }
    }
}
