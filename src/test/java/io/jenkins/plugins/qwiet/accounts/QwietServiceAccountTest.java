package io.jenkins.plugins.qwiet.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.Users;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Account;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.logging.Level;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.LogRecorder;

class QwietServiceAccountTest extends WithQwiet {
    private static final String FORM = "descriptorByName/" + QwietServiceAccount.class.getName() + "/";

    @BeforeAll
    static void letIn() {
        Users.letIn(jenkins);
    }

    private static WebResponse ask(String user, HttpMethod method, String path) throws Exception {
        return Browser.ask(jenkins, user, method, path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void isStoredEncryptedAndShownToNobody() throws Exception {
        String token = qwiet.organization().serviceAccount();

        assertThat(Files.readString(jenkins.jenkins.getRootDir().toPath().resolve("credentials.xml")))
                .contains(QwietServiceAccount.class.getName())
                .doesNotContain(token);
        String page = ask(
                        "admin", HttpMethod.GET, "manage/credentials/store/system/domain/_/credential/sa/updateDialog")
                .getContentAsString();
        assertThat(page).contains("of a test").doesNotContain(token);
        assertThat(ask("admin", HttpMethod.GET, "manage/credentials/store/system/domain/_/api/json?depth=5")
                        .getContentAsString())
                .contains("Qwiet service account")
                .doesNotContain(token);
    }

    @Test
    void keepsItsTokenWhenItsFormIsSaved() throws Exception {
        // Dialogs count on the scripts of the page that they are shown in.
        try (var client = Browser.withoutScripts(jenkins, "admin")) {
            String credential = "manage/credentials/store/system/domain/_/credential/sa/";
            String concealed = client.goTo(credential + "updateDialog")
                    .getFormByName("updateCredentials")
                    .getInputByName("_.token")
                    .getValue();
            assertThat(concealed).startsWith("{");
            var form = new JSONObject();
            form.put("stapler-class", QwietServiceAccount.class.getName());
            form.put("$class", QwietServiceAccount.class.getName());
            form.put("scope", "GLOBAL");
            form.put("token", concealed);
            form.put("orgId", qwiet.organization().id());
            form.put("id", "sa");
            form.put("description", "saved");
            var request = new WebRequest(
                    URI.create(jenkins.getURL() + credential + "updateSubmit?json=" + encoded(form.toString()))
                            .toURL(),
                    HttpMethod.POST);
            client.addCrumb(request);
            client.getPage(request);
        }

        assertThat(SystemCredentialsProvider.getInstance().getCredentials())
                .filteredOn(QwietServiceAccount.class::isInstance)
                .singleElement()
                .extracting(QwietServiceAccount.class::cast)
                .satisfies(account -> {
                    assertThat(Secret.toString(account.getToken()))
                            .isEqualTo(qwiet.organization().serviceAccount());
                    assertThat(account.getOrgId())
                            .isEqualTo(qwiet.organization().id());
                    assertThat(account.getDescription()).isEqualTo("saved");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f|This is an ID, not a token",
                "Bearer abc|without the word",
                "two words of a token|no spaces",
                "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|a token of GitHub",
                "gho_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|a token of GitHub",
                "github_pat_aaaaaaaaaaaaaaaaaaaaaa_aaaaaa|a token of GitHub",
                "glpat-aaaaaaaaaaaaaaaaaaaa|a token of GitLab",
                "AKIAIOSFODNN7EXAMPLE|a token of Amazon Web Services",
                "xoxb-123456789012-abcdefghijkl|a token of Slack",
                "short|shorter than the tokens that Qwiet creates"
            })
    void tellsATokenFromWhatPeoplePasteByMistake(String token, String sentence) throws Exception {
        assertThat(ask("admin", HttpMethod.POST, FORM + "checkToken?token=" + encoded(token))
                        .getContentAsString())
                .contains(sentence);
        assertThat(ask("reader", HttpMethod.POST, FORM + "checkToken?token=" + encoded(token))
                        .getContentAsString())
                .doesNotContain(sentence);
        assertThat(ask("admin", HttpMethod.GET, FORM + "checkToken?token=x").getStatusCode())
                .isEqualTo(405);
    }

    @Test
    void wantsAUuidForTheOrganization() throws Exception {
        assertThat(ask("admin", HttpMethod.POST, FORM + "checkOrgId?orgId=acme").getContentAsString())
                .contains("expected a UUID");
        assertThat(ask("admin", HttpMethod.POST, FORM + "testServiceAccount?token=any-token-that-is-long&orgId=acme")
                        .getContentAsString())
                .contains("class=\"error\"")
                .contains("expected a UUID");
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void creatingOneWithAWrongOrganizationLosesNothing() throws Exception {
        String token = "the-token-that-qwiet-shows-once";
        try (var client = Browser.withoutScripts(jenkins, "admin");
                var log = new LogRecorder()
                        .record(QwietServiceAccount.class, Level.WARNING)
                        .capture(10)) {
            var credential = new JSONObject();
            credential.put("stapler-class", QwietServiceAccount.class.getName());
            credential.put("$class", QwietServiceAccount.class.getName());
            credential.put("scope", "GLOBAL");
            credential.put("token", token);
            credential.put("orgId", "nonsense");
            credential.put("id", "wrong-org");
            credential.put("description", "");
            var form = new JSONObject();
            form.put("credentials", credential);
            var request = new WebRequest(
                    URI.create(jenkins.getURL() + "manage/credentials/store/system/domain/_/createCredentials?json="
                                    + encoded(form.toString()))
                            .toURL(),
                    HttpMethod.POST);
            client.addCrumb(request);

            assertThat(client.loadWebResponse(request).getStatusCode()).isLessThan(400);
            assertThat(log.getMessages()).anyMatch(line -> line.contains("wrong-org") && line.contains("UUID"));
            assertThat(log.getMessages()).noneMatch(line -> line.contains("nonsense") || line.contains(token));
        }

        var kept = ServiceAccounts.find(Account.ofJenkins("wrong-org")).orElseThrow();
        assertThat(kept.bearer().reveal()).isEqualTo(token);
        assertThat(kept.orgId()).isEqualTo("nonsense");
        var use = jenkins.createProject(WorkflowJob.class, newName());
        use.setDefinition(new CpsFlowDefinition("withQwietCiToken(credentialsId: 'wrong-org') { echo 'never' }", true));
        var build = jenkins.buildAndAssertStatus(Result.FAILURE, use);
        jenkins.assertLogContains("The organization ID of the credential \"wrong-org\" is not valid", build);
        jenkins.assertLogNotContains("\tat ", build);
        assertThat(qwiet.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ghp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,GitHub",
        "github_pat_aaaaaaaaaaaaaaaaaaaaaa_aaaaaa,GitHub",
        "glpat-aaaaaaaaaaaaaaaaaaaa,GitLab",
        "AKIAIOSFODNN7EXAMPLE,Amazon Web Services"
    })
    void aTokenOfAnotherServiceIsSentNowhere(String token, String service) throws Exception {
        QwietAccount.add(jenkins.jenkins, "of-another", token);
        for (String step : List.of(
                "qwietCiToken(credentialsId: 'of-another')",
                "withQwietCiToken(credentialsId: 'of-another') { echo 'never' }",
                "qwietTokenAudit(credentialsId: 'of-another', listUnavailable: 'FAIL')")) {
            var use = jenkins.createProject(WorkflowJob.class, newName());
            use.setDefinition(new CpsFlowDefinition(step, true));
            var build = jenkins.buildAndAssertStatus(Result.FAILURE, use);
            jenkins.assertLogContains("The credential \"of-another\" holds a token of " + service, build);
        }
        assertThat(ask("admin", HttpMethod.POST, FORM + "testServiceAccount?orgId=&token=glpat-" + "a".repeat(20))
                        .getContentAsString())
                .contains("a token of GitLab");
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void nothingIsSaidOfAFieldThatNobodyHasFilledInYet() throws Exception {
        assertThat(ask("admin", HttpMethod.POST, FORM + "checkToken?token=").getContentAsString())
                .doesNotContain("error");
        assertThat(ask("admin", HttpMethod.POST, FORM + "testServiceAccount?token=&orgId=")
                        .getContentAsString())
                .contains("The token is missing");
    }

    @Test
    void isTestedByThoseWhoMayEditIt() throws Exception {
        String test = FORM + "testServiceAccount?token="
                + encoded(qwiet.organization().serviceAccount()) + "&orgId=";

        assertThat(ask("admin", HttpMethod.POST, test).getContentAsString())
                .contains("may create CI tokens")
                .contains("organization " + qwiet.organization().id() + " at " + qwiet.address());
        int calls = qwiet.requests().size();
        assertThat(ask("reader", HttpMethod.POST, test).getStatusCode()).isEqualTo(403);
        assertThat(ask("admin", HttpMethod.GET, test).getStatusCode()).isEqualTo(405);
        assertThat(qwiet.requests()).hasSize(calls);
    }
}
