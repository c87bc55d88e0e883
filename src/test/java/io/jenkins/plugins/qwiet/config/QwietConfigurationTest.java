package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.Users;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.manage.RevocationMonitor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of the global settings, asked as a browser asks it. */
class QwietConfigurationTest extends WithQwiet {
    private static final String FORM = "descriptorByName/" + QwietConfiguration.class.getName() + "/";

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

    private String testConnection(String address) throws Exception {
        return ask(
                        "admin",
                        HttpMethod.POST,
                        FORM + "testConnection?credentialsId=sa&orgId="
                                + qwiet.organization().id() + "&apiAddress=" + encoded(address))
                .getContentAsString();
    }

    @Test
    void keepsWhatTheFormWasGiven() throws Exception {
        var settings = QwietConfiguration.get();
        settings.setValidity("120");
        settings.setVariable("MY_TOKEN");
        var before = settings.settings();

        try (var client = Browser.of(jenkins, "admin")) {
            jenkins.submit(client.goTo("configure").getFormByName("config"));
        }

        assertThat(settings.settings()).isEqualTo(before);
        settings.setValidity(null);
        settings.setVariable(null);
        assertThat(settings.getVariable()).isEqualTo("SHIFTLEFT_ACCESS_TOKEN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "checkApiAddress?apiAddress=http://example.com|Use https",
                "checkApiAddress?apiAddress=nonsense|Expected something like https://app.shiftleft.io/api/v4",
                "checkOrgId?orgId=acme|expected a UUID",
                "checkValidity?validity=59|expected 60 to 86400 seconds",
                "checkValidity?validity=soon|expected 60 to 86400 seconds, such as 900",
                "checkVariable?variable=A-B|cannot be the name of a variable",
                "checkOrgVariable?orgVariable=1A|cannot be the name of a variable",
                "checkVariable?variable=A&orgVariable=A|cannot hold both",
                "checkOrgVariable?variable=A&orgVariable=A|cannot hold both",
                "checkVariable?variable=SHIFTLEFT_ORG_ID&orgVariable=|cannot hold both",
                "checkOrgVariable?variable=&orgVariable=SHIFTLEFT_ACCESS_TOKEN|cannot hold both",
                "checkConnectTimeout?connectTimeout=0|expected 1 to 600 seconds",
                "checkCallTimeout?callTimeout=601|expected 1 to 600 seconds"
            })
    void saysToAnAdministratorWhatIsWrongAndToNobodyElse(String check, String sentence) throws Exception {
        assertThat(ask("admin", HttpMethod.POST, FORM + check).getContentAsString())
                .contains("class=\"error\"")
                .contains(sentence);
        assertThat(ask("reader", HttpMethod.POST, FORM + check).getContentAsString())
                .doesNotContain("error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "checkApiAddress?apiAddress=x",
                "checkOrgId?orgId=x",
                "checkValidity?validity=1",
                "checkVariable?variable=1",
                "checkOrgVariable?orgVariable=1",
                "checkConnectTimeout?connectTimeout=0",
                "checkCallTimeout?callTimeout=0",
                "fillCredentialsIdItems",
                "testConnection"
            })
    void answersNoGet(String method) throws Exception {
        assertThat(ask("admin", HttpMethod.GET, FORM + method).getStatusCode()).isEqualTo(405);
    }

    @Test
    void offersServiceAccountsToAnAdministratorOnly() throws Exception {
        assertThat(ask("admin", HttpMethod.POST, FORM + "fillCredentialsIdItems")
                        .getContentAsString())
                .contains("\"sa\"");
        assertThat(ask("reader", HttpMethod.POST, FORM + "fillCredentialsIdItems")
                        .getContentAsString())
                .doesNotContain("\"sa\"");
    }

    @Test
    void saysInWordsWhatTheServiceAccountMayDo() throws Exception {
        assertThat(testConnection(qwiet.address()))
                .contains(
                        "may create CI tokens. It may revoke CI tokens when a build is done. It may list CI tokens for audits.");

        QwietAccount.add(jenkins.jenkins, "sa", qwiet.organization().serviceAccount("tokens:create"));
        assertThat(testConnection(qwiet.address()))
                .contains("class=\"warning\"")
                .contains("may not revoke CI tokens")
                .contains("may not list CI tokens");

        qwiet.fault(Fault.status(Operation.SCOPES, 401, "UNAUTHORIZED", "<script>alert(1)</script>"));
        assertThat(testConnection(qwiet.address()))
                .contains("Qwiet does not accept this token")
                .contains("&lt;script&gt;")
                .doesNotContain("<script>");
    }

    @Test
    void testsTheOrganizationThatTheFormShows() throws Exception {
        String test = FORM + "testConnection?credentialsId=sa&apiAddress=" + encoded(qwiet.address()) + "&orgId=";

        assertThat(ask("admin", HttpMethod.POST, test).getContentAsString()).contains("No organization ID is set");
        assertThat(qwiet.requests()).isEmpty();
        assertThat(testConnection(qwiet.address()))
                .contains("organization " + qwiet.organization().id() + " at " + qwiet.address());
    }

    @Test
    void saysThatTheClocksDiffer() throws Exception {
        assertThat(QwietConnections.skew(Duration.ofSeconds(-119))).isNull();
        qwiet.tellTime(Duration.ofMinutes(-10));
        assertThat(testConnection(qwiet.address()))
                .contains("may create CI tokens")
                .contains("class=\"warning\"")
                .containsPattern("The clock of this Jenkins is (9|10) minutes ahead of Qwiet");
        assertThat(ExtensionList.lookupSingleton(RevocationMonitor.class).isActivated())
                .isTrue();

        qwiet.tellTime(Duration.ZERO);
        assertThat(testConnection(qwiet.address())).doesNotContain("The clock");
        assertThat(ExtensionList.lookupSingleton(RevocationMonitor.class).getSkew())
                .isEmpty();
    }

    @Test
    void saysWhatToDoWhereTheAnswerAloneDoesNot() throws Exception {
        qwiet.fault(Fault.status(Operation.SCOPES, 404, "NOT_FOUND", "There is no such organization"));
        assertThat(testConnection(qwiet.address()))
                .contains("There is no such organization")
                .contains("Check the organization ID and the API URL");

        qwiet.fault(Fault.status(Operation.SCOPES, 403, "FORBIDDEN", "It belongs to another organization"));
        assertThat(testConnection(qwiet.address()))
                .contains("It belongs to another organization")
                .contains("Check the organization ID, and");

        QwietAccount.add(jenkins.jenkins, "sa", "");
        int calls = qwiet.requests().size();
        assertThat(testConnection(qwiet.address())).contains("holds no token");
        assertThat(qwiet.requests()).hasSize(calls);
    }

    @Test
    void lettingGoOfTheServiceAccountTakesOneChoice() throws Exception {
        try (var client = Browser.of(jenkins, "admin")) {
            var form = client.goTo("configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            var choice = form.getSelectByName("_.credentialsId");
            assertThat(choice.getSelectedOptions().get(0).getValueAttribute()).isEqualTo("sa");

            choice.setSelectedAttribute(choice.getOption(0), true);
            client.waitForBackgroundJavaScript(10_000);
            jenkins.submit(form);
        }

        assertThat(QwietConfiguration.get().getCredentialsId()).isNull();
    }

    @Test
    void saysThatQwietDoesNotAnswer() throws Exception {
        QwietConfiguration.get().setCallTimeout(1);
        qwiet.fault(Fault.slowHeaders(Operation.SCOPES, Duration.ofSeconds(3)));

        assertThat(testConnection(qwiet.address())).contains("class=\"error\"").containsIgnoringCase("in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127", "HTTP://127"})
    void testsAnAddressThatAnEarlierVersionStoredAsItWasTyped(String begin) throws Exception {
        var settings = QwietConfiguration.get();
        Path file = jenkins.jenkins.getRootDir().toPath().resolve(settings.getId() + ".xml");
        String good = Files.readString(file);
        String odd = qwiet.address().replace("http://127", "HTTP://127") + "/";
        try {
            Files.writeString(file, good.replace(qwiet.address(), odd));
            settings.load();

            assertThat(testConnection(qwiet.address().replace("http://127", begin)))
                    .contains("may create CI tokens");
        } finally {
            Files.writeString(file, good);
            settings.load();
        }
    }

    @Test
    void allThatTheFormHoldsIsTaken() throws Exception {
        try (var client = Browser.of(jenkins, "admin")) {
            var form = client.goTo("configure").getFormByName("config");
            form.getInputByName("_.renew").setChecked(false);
            form.getInputByName("_.revokeAtEnd").setChecked(false);
            form.getInputByName("_.onlyFindableAccounts").setChecked(true);
            jenkins.submit(form);
        }

        var settings = QwietConfiguration.get();
        assertThat(settings.isRenew()).isFalse();
        assertThat(settings.isRevokeAtEnd()).isFalse();
        assertThat(settings.isOnlyFindableAccounts()).isTrue();
    }

    @Test
    void sendsAStoredTokenToTheStoredAddressOnly() throws Exception {
        try (var other = FakeQwiet.start()) {
            assertThat(testConnection(other.address())).contains("Save first");
            assertThat(other.requests()).isEmpty();
        }
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void testsForAdministratorsOnly() throws Exception {
        assertThat(ask("reader", HttpMethod.POST, FORM + "testConnection?apiAddress=" + encoded(qwiet.address()))
                        .getStatusCode())
                .isEqualTo(403);
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void nothingOfAFormThatIsRefusedIsEverInForce() throws Exception {
        var before = QwietConfiguration.get().settings();
        try (var other = FakeQwiet.start();
                var client = Browser.of(jenkins, "admin")) {
            var form = client.goTo("configure").getFormByName("config");
            form.getInputByName("_.apiAddress").setValue(other.address());
            form.getInputByName("_.validity").setValue("5");
            client.setThrowExceptionOnFailingStatusCode(false);

            var answer = jenkins.submit(form);

            assertThat(answer.getWebResponse().getStatusCode()).isGreaterThanOrEqualTo(400);
            assertThat(QwietConfiguration.get().settings()).isEqualTo(before);
        }
    }

    @Test
    void namesEveryFieldThatIsRefused() throws Exception {
        var before = QwietConfiguration.get().settings();
        try (var client = Browser.of(jenkins, "admin")) {
            var form = client.goTo("configure").getFormByName("config");
            form.getInputByName("_.apiAddress").setValue("nonsense");
            form.getInputByName("_.orgId").setValue("acme");
            form.getInputByName("_.validity").setValue("5");
            form.getInputByName("_.variable").setValue("1 bad");
            form.getInputByName("_.callTimeout").setValue("1.5");
            client.setThrowExceptionOnFailingStatusCode(false);

            assertThat(jenkins.submit(form).getWebResponse().getContentAsString())
                    .contains(
                            "Qwiet » API URL: ",
                            "Qwiet » Organization ID: ",
                            "Qwiet » Lifetime: ",
                            "Qwiet » Variable for the token: ",
                            "Qwiet » Call timeout in seconds: ");
        }
        assertThat(QwietConfiguration.get().settings()).isEqualTo(before);
    }

    @Test
    void aNumberThatIsClearedIsTheDefault() throws Exception {
        QwietConfiguration.get().setValidity("120");
        try (var client = Browser.of(jenkins, "admin")) {
            var form = client.goTo("configure").getFormByName("config");
            form.getInputByName("_.validity").setValue("");
            form.getInputByName("_.connectTimeout").setValue("");
            form.getInputByName("_.callTimeout").setValue("");
            jenkins.submit(form);
        }
        var settings = QwietConfiguration.get();
        assertThat(settings.getValidity()).isEqualTo("3600");
        assertThat(settings.getConnectTimeout()).isEqualTo(10);
        assertThat(settings.getCallTimeout()).isEqualTo(30);
        assertThat(ask("admin", HttpMethod.POST, FORM + "checkValidity?validity=")
                        .getContentAsString())
                .doesNotContain("error");
    }

    @Test
    void twoVariablesOfOneNameAreRefused() throws Exception {
        var before = QwietConfiguration.get().settings();
        try (var client = Browser.of(jenkins, "admin")) {
            var form = client.goTo("configure").getFormByName("config");
            form.getInputByName("_.variable").setValue("SAME");
            form.getInputByName("_.orgVariable").setValue("SAME");
            client.setThrowExceptionOnFailingStatusCode(false);

            assertThat(jenkins.submit(form).getWebResponse().getContentAsString())
                    .contains("cannot hold both");
        }
        assertThat(QwietConfiguration.get().settings()).isEqualTo(before);
    }

    @Test
    void aSettingThatIsRefusedTakesBackThoseThatWereSetBeforeItAndNotSaved() {
        var settings = QwietConfiguration.get();
        var before = settings.settings();
        settings.setApiAddress("https://elsewhere.example/api/v4");

        assertThatThrownBy(() -> settings.setCallTimeout(0)).hasMessageContaining("expected 1 to 600");

        assertThat(settings.settings()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"apiAddress,nowhere,\"nowhere\" is not an API URL", "validity,5,cannot be valid for \"5\""})
    void aBuildSaysWhichStoredSettingIsWrong(String field, String value, String sentence) throws Exception {
        var settings = QwietConfiguration.get();
        Path file = jenkins.jenkins.getRootDir().toPath().resolve(settings.getId() + ".xml");
        String good = Files.readString(file);
        try {
            Files.writeString(file, good.replaceFirst("<" + field + ">[^<]*<", "<" + field + ">" + value + "<"));
            settings.load();

            WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
            job.setDefinition(new CpsFlowDefinition("withQwietCiToken { echo 'never' }", true));
            var run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));

            jenkins.assertLogContains("A stored setting of Qwiet is not valid: ", run);
            jenkins.assertLogContains(sentence, run);
            jenkins.assertLogNotContains("\tat ", run);
            assertThat(testConnection(qwiet.address())).contains("class=\"");
        } finally {
            Files.writeString(file, good);
            settings.load();
        }
    }

    /** Each was answered, or was not, as it says. */
    @Test
    void saysTrulyWhyThereIsNoAnswer() throws Exception {
        QwietConfiguration.get().setCallTimeout(2);
        qwiet.faultAlways(Fault.status(Operation.SCOPES, 429, "RATE_LIMITED", "Slow down"));
        assertThat(testConnection(qwiet.address()))
                .contains("429", "Slow down", "Test again later")
                .doesNotContain("reached");

        qwiet.clearFaults();
        qwiet.faultAlways(Fault.status(Operation.SCOPES, 503, "MAINTENANCE", "Back at noon"));
        assertThat(testConnection(qwiet.address())).contains("no usable response", "Back at noon");

        qwiet.clearFaults();
        qwiet.faultAlways(Fault.cutBefore(Operation.SCOPES));
        assertThat(testConnection(qwiet.address())).contains("no usable response");
    }
}
