package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ParameterDefinition;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.HashMap;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The service account of an audit: who may choose it, and what becomes of the build if there is none. */
class AuditAccountTest extends WithQwiet {
    @BeforeEach
    void someMayOnlyStartBuilds() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("builder", "user")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("user")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        QwietAccount.add(jenkins.jenkins, "other", qwiet.organization().serviceAccount());
        User.getById("builder", true);
        User.getById("user", true);
    }

    private static Run<?, ?> build(
            AuditedJob kind, String user, Result expected, ParameterDefinition definition, ParameterValue value)
            throws Exception {
        Job<?, ?> job = kind.make(
                jenkins.jenkins,
                AuditedJob.newName(),
                false,
                Map.of("credentialsId", "${ACCOUNT}", "listUnavailable", "FAIL"));
        job.addProperty(new ParametersDefinitionProperty(definition));
        var future = ParameterizedJobMixIn.scheduleBuild2(
                job, 0, new CauseAction(new Cause.UserIdCause(user)), new ParametersAction(value));
        return jenkins.assertBuildStatus(
                expected, (Run<?, ?>) future.getFuture().get());
    }

    @ParameterizedTest
    @EnumSource
    void aCredentialsParameterGivesNobodyTheCredentialsOfAJob(AuditedJob kind) throws Exception {
        var definition =
                new CredentialsParameterDefinition("ACCOUNT", "", "sa", QwietServiceAccount.class.getName(), false);
        var other = new CredentialsParameterValue("ACCOUNT", "other", "");

        build(kind, "builder", Result.FAILURE, definition, other);
        assertThat(qwiet.requests()).isEmpty();

        build(kind, "user", Result.SUCCESS, definition, other);
        assertThat(qwiet.requests()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void noMoreDoesATextThatWasTyped(AuditedJob kind) throws Exception {
        var definition = new StringParameterDefinition("ACCOUNT", "sa");
        var other = new StringParameterValue("ACCOUNT", "other");

        Run<?, ?> refused = build(kind, "builder", Result.FAILURE, definition, other);
        jenkins.assertLogNotContains("\tat ", refused);
        assertThat(qwiet.requests()).isEmpty();

        if (kind == AuditedJob.FREESTYLE) {
            jenkins.assertLogContains("The user builder may not choose a service account for this job", refused);
            build(kind, "user", Result.SUCCESS, definition, other);
            build(kind, "builder", Result.SUCCESS, definition, new StringParameterValue("ACCOUNT", "sa"));
            // An empty one is the global account.
            build(kind, "builder", Result.SUCCESS, definition, new StringParameterValue("ACCOUNT", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PIPELINE,OFF,SUCCESS",
        "PIPELINE,WARN,SUCCESS",
        "PIPELINE,UNSTABLE,UNSTABLE",
        "PIPELINE,FAIL,FAILURE",
        "FREESTYLE,WARN,SUCCESS",
        "FREESTYLE,FAIL,FAILURE"
    })
    void whatIsNotSetMeansThatThereIsNoList(AuditedJob kind, String severity, String result) throws Exception {
        var settings = QwietConfiguration.get();
        String organization = settings.getOrgId();
        settings.setOrgId(null);
        says(kind, severity, result, Map.of(), "No Qwiet organization ID is set.");
        settings.setOrgId(organization);
        says(kind, severity, result, Map.of("credentialsId", "nowhere"), "\"nowhere\"");
        says(kind, severity, result, Map.of("orgId", "no-uuid"), "\"no-uuid\" is not an organization ID");
        settings.setCredentialsId(null);
        says(kind, severity, result, Map.of(), "No Qwiet service account is set.");
    }

    @ParameterizedTest
    @CsvSource({"PIPELINE,true", "FREESTYLE,true", "PIPELINE,false"})
    void aTokenThatQwietLetsNobodyRevokeIsLiveThoughNothingIsListed(AuditedJob kind, boolean revoke) throws Exception {
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, qwiet.organization().serviceAccount("tokens:create"));

        Run<?, ?> run = kind.build(
                jenkins,
                Result.FAILURE,
                true,
                Map.of("revoke", revoke, "ownTokenLive", "FAIL", "listUnavailable", "WARN"));

        assertThat(JenkinsRule.getLog(run))
                .contains("STILL ACTIVE")
                .contains("FAIL: 1 token of this build is still active")
                .contains("could not be listed, so only tokens of this build that Jenkins knows")
                .doesNotContain("  unknown");
        var page = Browser.withoutScripts(jenkins, "admin").getPage(run, QwietTokensAction.URL);
        assertThat(page.asNormalizedText()).contains("still active");
    }

    private static void says(
            AuditedJob kind, String severity, String result, Map<String, Object> arguments, String problem)
            throws Exception {
        var all = new HashMap<>(arguments);
        all.put("listUnavailable", severity);

        Run<?, ?> run = kind.build(jenkins, Result.fromString(result), false, all);

        assertThat(JenkinsRule.getLog(run))
                .contains("The organization's Qwiet tokens could not be listed: ")
                .contains(problem)
                .doesNotContain("\tat ");
        if (!severity.equals("OFF")) {
            jenkins.assertLogContains(
                    severity + ": the organization's tokens could not be listed, so no other rule was evaluated.", run);
        }
        var page = Browser.withoutScripts(jenkins, "admin").getPage(run, QwietTokensAction.URL);
        assertThat(page.asNormalizedText()).contains(problem);
    }
}
