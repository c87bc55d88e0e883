package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ModelObject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.SecurityRealm;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.AccountForm;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.SecretStore;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;

/** Of several credentials of one id, which one a folder or the global settings name. */
class AccountsOfSettingsTest extends WithFolders {
    private static final String SCRIPT = "withQwietCiToken { }";

    @AfterEach
    void letAllIn() {
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().clear();
        jenkins.jenkins.setSecurityRealm(SecurityRealm.NO_AUTHENTICATION);
    }

    /** One who has a credential of this id. */
    private static User alice(String id, String token) throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        User alice = User.getById("alice", true);
        try (ACLContext ignored = ACL.as(alice)) {
            QwietAccount.add(alice, id, token);
        }
        return alice;
    }

    private static WorkflowJob runsAs(User user, WorkflowJob job) {
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator().authenticate(job.getFullName(), user.impersonate2()));
        return job;
    }

    private static void addText(ModelObject where, String id, String token) throws Exception {
        CredentialsProvider.lookupStores(where)
                .iterator()
                .next()
                .addCredentials(
                        Domain.global(),
                        new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "of a team", Secret.fromString(token)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nobodysOwnTakesThePlaceOfThatOfAFolder(boolean enforced) throws Exception {
        FakeOrganization other = organizationOf(team);
        propertyOf(team.getFullName()).setEnforced(enforced);
        User alice = alice("of-the-team", qwiet.organization().serviceAccount());

        jenkins.buildAndAssertSuccess(runsAs(alice, job(inner, SCRIPT)));

        assertThat(other.minted()).isOne();
        assertThat(other.liveTokens()).isEmpty();
        assertThat(qwiet.requests())
                .noneMatch(request -> request.headers()
                        .get("authorization")
                        .contains(qwiet.organization().serviceAccount()));
    }

    @Test
    void nobodysOwnTakesThePlaceOfTheGlobalOne() throws Exception {
        User alice = alice(QwietAccount.ID, "a-token-of-alice-that-nobody-knows");

        jenkins.buildAndAssertSuccess(runsAs(alice, job(team, SCRIPT)));

        assertThat(qwiet.organization().minted()).isOne();
    }

    @Test
    void aUsersOwnCountsWhereAStepNamesIt() throws Exception {
        QwietAccount.add(jenkins.jenkins, "twice", "a-token-that-nobody-knows-at-all");
        User alice = alice("twice", qwiet.organization().serviceAccount());

        jenkins.buildAndAssertSuccess(runsAs(alice, job(team, "withQwietCiToken(credentialsId: 'twice') { }")));

        assertThat(qwiet.organization().minted()).isOne();
    }

    /** Credentials takes the name of a parameter for an id. */
    @Test
    void noParameterOfThatNameTakesThePlaceOfTheGlobalOne() throws Exception {
        QwietAccount.add(jenkins.jenkins, "typed", "a-token-that-nobody-knows-at-all");
        WorkflowJob job = job(team, SCRIPT);
        job.addProperty(new ParametersDefinitionProperty(new CredentialsParameterDefinition(
                QwietAccount.ID, "", "", QwietServiceAccount.class.getName(), false)));

        jenkins.assertBuildStatusSuccess(job.scheduleBuild2(
                0,
                new CauseAction(new Cause.UserIdCause("alice")),
                new ParametersAction(new CredentialsParameterValue(QwietAccount.ID, "typed", ""))));

        assertThat(qwiet.organization().minted()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"${ACCOUNT}", "ACCOUNT"})
    void aParameterThatHoldsTheEnforcedOneNamesNoOther(String named) throws Exception {
        FakeOrganization other = organizationOf(team);
        propertyOf(team.getFullName()).setEnforced(true);
        WorkflowJob job = job(team, "withQwietCiToken(credentialsId: '" + named + "') { }");
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("ACCOUNT", "", "", QwietServiceAccount.class.getName(), false)));

        jenkins.assertBuildStatusSuccess(job.scheduleBuild2(
                0, new ParametersAction(new CredentialsParameterValue("ACCOUNT", "of-the-team", ""))));

        assertThat(other.minted()).isOne();
    }

    /** What is nearer counts, whichever kind it is. */
    @ParameterizedTest
    @ValueSource(strings = {"withQwietCiToken { }", "withQwietCiToken(credentialsId: 'sa') { }"})
    void aSecretTextOfTheTeamCountsThoughThereIsAGlobalOneOfTheOwnKind(String script) throws Exception {
        FakeOrganization other = qwiet.addOrganization();
        addText(team, QwietAccount.ID, other.serviceAccount());
        property(team, set -> set.setOrgId(other.id()));

        jenkins.buildAndAssertSuccess(job(inner, script));

        assertThat(other.minted()).isOne();
        assertThat(other.liveTokens()).isEmpty();
        assertThat(AccountForm.accounts(inner, ""))
                .extracting(option -> option.name, option -> option.value)
                .contains(tuple("of a team (secret text)", QwietAccount.ID))
                .doesNotContain(tuple("sa (of a test)", QwietAccount.ID));
    }

    @Test
    void aSecretTextDoesNotCountBesideOneOfTheOwnKindNorAboveIt() throws Exception {
        SecretStore.put("a-token-that-nobody-knows-at-all");
        QwietAccount.add(jenkins.jenkins, SecretStore.ID, qwiet.organization().serviceAccount());
        addText(team, "of-inner", "a-token-that-nobody-knows-at-all");
        QwietAccount.add(inner, "of-inner", qwiet.organization().serviceAccount());

        try {
            jenkins.buildAndAssertSuccess(job(team, "withQwietCiToken(credentialsId: '" + SecretStore.ID + "') { }"));
            jenkins.buildAndAssertSuccess(job(inner, "withQwietCiToken(credentialsId: 'of-inner') { }"));
        } finally {
            SecretStore.empty();
        }

        assertThat(qwiet.organization().minted()).isEqualTo(2);
    }
}
