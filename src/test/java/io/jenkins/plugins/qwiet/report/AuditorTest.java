package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Auditors see the organization's tokens, and nothing of jobs that they may not read. */
class AuditorTest extends WithQwiet {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HIDDEN = "a token of a job that you may not see";

    private LeftTokens left;
    private FreeStyleProject secret;
    private Run<?, ?> run;

    @BeforeAll
    static void secure() {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
    }

    @BeforeEach
    void audit() throws Exception {
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        String root = jenkins.getURL().toString();
        left = new LeftTokens(qwiet);
        secret = jenkins.createFreeStyleProject("secret-" + newName());
        var over = jenkins.buildAndAssertSuccess(secret);
        left.add("of the secret job", "its purpose", root + over.getUrl(), over.getExternalizableId());
        left.add("of a job that never was", "its purpose", root + "job/never-was/1/", "never-was#1");
        left.add("renamed in Qwiet", "", "", over.getExternalizableId());
        add("of another Jenkins", "https://other.example/job/x/1/");
        qwiet.organization().add("of a person", "by hand", null, "access");
        run = AuditedJob.FREESTYLE.build(jenkins, Result.SUCCESS, true, Map.of("leftByBuild", "OFF"));
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("systemReader", "extendedReader", "reader")
                .grant(Jenkins.SYSTEM_READ)
                .everywhere()
                .to("systemReader")
                .grant(Item.READ)
                .onItems(run.getParent())
                .to("systemReader", "extendedReader", "reader")
                .grant(Item.EXTENDED_READ)
                .onItems(run.getParent())
                .to("extendedReader"));
    }

    @AfterEach
    void forget() throws Exception {
        left.forget();
    }

    private void add(String label, String url) {
        String description = TokenDescription.describe("elsewhere", url, TokenDescription.newNonce());
        qwiet.organization().add(label, description, Instant.now().plus(Duration.ofDays(1)), "access");
    }

    private String answer(String user, String path) throws Exception {
        WebResponse answer = Browser.ask(jenkins, user, HttpMethod.GET, run.getUrl() + "qwiet-tokens/" + path);
        assertThat(answer.getStatusCode()).isEqualTo(200);
        return answer.getContentAsString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"systemReader", "extendedReader"})
    void seeTheOrganizationButNothingOfOtherJobs(String user) throws Exception {
        List<JsonNode> rows = List.copyOf(JSON.readTree(answer(user, "rows")).findParents("id"));
        assertThat(rows)
                .extracting(row -> row.get("label").asText())
                .containsExactlyInAnyOrder(
                        HIDDEN, HIDDEN, HIDDEN, "of another Jenkins", "of a person", AuditedJob.MINTED);
        assertThat(rows)
                .filteredOn(row -> row.get("label").asText().equals(HIDDEN))
                .allSatisfy(row -> {
                    assertThat(row.get("madeBy").asText()).isEqualTo("a completed or deleted build");
                    assertThat(row.has("build")).isFalse();
                    assertThat(row.has("href")).isFalse();
                    assertThat(row.get("description").asText()).isEmpty();
                });
        for (String path : List.of("", "rows", "tokens.csv", "tokens.json", "api/json")) {
            assertThat(answer(user, path))
                    .as(path)
                    .contains(path.isEmpty() ? "data-rows" : "of a person")
                    .doesNotContain(
                            "of the secret job",
                            secret.getName(),
                            "its purpose",
                            "never-was",
                            "of a job that never was",
                            "renamed in Qwiet",
                            "FINISHED_BUILD",
                            "finished_build");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "never", "purpose", "renamed"})
    void cannotSearchForWhatTheyDoNotSee(String text) throws Exception {
        assertThat(JSON.readTree(answer("systemReader", "rows?q=" + text))
                        .get("matching")
                        .asInt())
                .isZero();
        assertThat(JSON.readTree(answer("systemReader", "api/json?q=" + text)).get("tokens"))
                .isEmpty();
        assertThat(answer("systemReader", "tokens.csv?q=" + text).lines()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows", "tokens.csv"})
    void whoMayOnlyReadTheBuildSeesNothingOfTheOrganization(String path) throws Exception {
        assertThat(Browser.ask(jenkins, "reader", HttpMethod.GET, run.getUrl() + "qwiet-tokens/" + path)
                        .getStatusCode())
                .isEqualTo(403);
    }
}
