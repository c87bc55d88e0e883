package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.AccessDeniedException3;
import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.Browser;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The section "Qwiet" in the configuration of a folder. */
class FolderFormTest extends WithFolders {
    private static final String OTHER = "6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f";

    private static QwietFolderProperty.DescriptorImpl form() {
        return jenkins.jenkins.getDescriptorByType(QwietFolderProperty.DescriptorImpl.class);
    }

    @AfterEach
    void letAllIn() {
        jenkins.jenkins.setAuthorizationStrategy(new hudson.security.AuthorizationStrategy.Unsecured());
        jenkins.jenkins.setSecurityRealm(hudson.security.SecurityRealm.NO_AUTHENTICATION);
    }

    private static void openAndSave(Item folder) throws Exception {
        try (var client = Browser.of(jenkins)) {
            var form = client.goTo(folder.getUrl() + "configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            jenkins.submit(form);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "of-the-team", "sa", "gone"})
    void openedAndSavedItChangesNothing(String account) throws Exception {
        organizationOf(team);
        QwietFolderProperty before = property(team, set -> {
            set.setCredentialsId(account);
            set.setOrgId("6f0c3f2e-1d2b-4c3d-8e9f-0a1b2c3d4e5f");
            set.setValidFor("15m");
            set.setVariable("TEAM_TOKEN");
            set.setOrgVariable("TEAM_ORG");
            set.setApiHostVariable("TEAM_HOST");
            set.setEnforced(true);
        });

        openAndSave(team);

        QwietFolderProperty after = propertyOf(team.getFullName());
        assertThat(after).isNotSameAs(before);
        assertThat(after.settings()).isEqualTo(before.settings());
    }

    @Test
    void openedAndSavedItSetsNothingWhereNothingIsSet() throws Exception {
        property(team, set -> set.setVariable("OF_THE_TEAM"));
        var project = team.createProject(WorkflowMultiBranchProject.class, newName());

        openAndSave(inner);
        openAndSave(project);

        assertThat(propertyOf(inner.getFullName())).isNull();
        assertThat(project.getProperties().get(QwietFolderProperty.class)).isNull();
    }

    @Test
    void aLifetimeThatIsClearedIsNotSetAnyMore() throws Exception {
        property(team, set -> {
            set.setValidFor("15m");
            set.setVariable("TEAM_TOKEN");
        });
        try (var client = Browser.of(jenkins)) {
            var form = client.goTo(team.getUrl() + "configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            form.getInputByName("_.validFor").setValue("");
            jenkins.submit(form);
        }

        assertThat(propertyOf(team.getFullName()).getValidFor()).isNull();
        assertThat(propertyOf(team.getFullName()).getVariable()).isEqualTo("TEAM_TOKEN");
    }

    @Test
    void itShowsWhatAppliesWhereNothingIsSet() throws Exception {
        property(team, set -> {
            set.setVariable("OF_THE_TEAM");
            set.setValidFor("15m");
        });

        try (var client = Browser.withoutScripts(jenkins)) {
            HtmlPage page = client.goTo(inner.getUrl() + "configure");
            assertThat(placeholder(page, "variable")).isEqualTo("OF_THE_TEAM");
            assertThat(placeholder(page, "validFor")).isEqualTo("15m");
            assertThat(placeholder(page, "orgVariable")).isEqualTo(QwietConfiguration.DEFAULT_ORG_VARIABLE);
        }
    }

    @Test
    void theFormsOfJobsShowWhatAppliesThere() throws Exception {
        property(team, set -> {
            set.setVariable("OF_THE_TEAM");
            set.setValidFor("15m");
        });
        FreeStyleProject job = inner.createProject(FreeStyleProject.class, newName());
        job.getBuildersList().add(new QwietTokenBuilder(null));

        try (var client = Browser.withoutScripts(jenkins)) {
            HtmlPage page = client.goTo(job.getUrl() + "configure");
            assertThat(placeholder(page, "variable")).isEqualTo("OF_THE_TEAM");
            assertThat(placeholder(page, "validFor")).isEqualTo("15m");
        }
    }

    @Test
    void whatIsWrongIsRefusedAndNothingIsChanged() throws Exception {
        QwietFolderProperty before = property(team, set -> set.setVariable("TEAM_TOKEN"));
        try (var client = Browser.of(jenkins).withThrowExceptionOnFailingStatusCode(false)) {
            var form = client.goTo(team.getUrl() + "configure").getFormByName("config");
            client.waitForBackgroundJavaScript(10_000);
            form.getInputByName("_.validFor").setValue("5");
            form.getInputByName("_.orgVariable").setValue("1 bad");

            assertThat(jenkins.submit(form).getWebResponse().getContentAsString())
                    .contains("valid for \"5\"")
                    .contains("\"1 bad\"");
        }
        assertThat(propertyOf(team.getFullName())).isSameAs(before);
    }

    @Test
    void itHasTheSameChecks() throws Exception {
        QwietAccount.add(team, "of-the-team", qwiet.organization().serviceAccount());

        assertThat(form().doFillCredentialsIdItems(team, ""))
                .extracting(option -> option.value)
                .contains("of-the-team", QwietAccount.ID);
        assertThat(form().doCheckCredentialsId(team, "of-the-team").kind).isEqualTo(Kind.OK);
        assertThat(form().doCheckCredentialsId(team, "nobody").kind).isEqualTo(Kind.ERROR);
        // No build puts a parameter in its place.
        assertThat(form().doCheckCredentialsId(team, "${ACCOUNT}").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doCheckOrgId(team, "x").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doCheckValidFor(team, "5").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doCheckValidFor(team, "15m").kind).isEqualTo(Kind.OK);
        assertThat(form().doCheckValidFor(team, "").kind).isEqualTo(Kind.OK);
        assertThat(form().doCheckVariable(team, "PATH", "", "").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doCheckOrgVariable(team, "1", "", "").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doCheckApiHostVariable(team, "a b", "", "").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doCheckVariable(team, QwietConfiguration.DEFAULT_ORG_VARIABLE, "", ""))
                .hasMessageContaining("cannot hold both");
        assertThat(form().doCheckApiHostVariable(team, QwietConfiguration.DEFAULT_VARIABLE, "", ""))
                .hasMessageContaining("cannot hold the API host too");
        assertThat(form().doCheckVariable(team, "MINE", "", "").kind).isEqualTo(Kind.OK);
    }

    @Test
    void itSaysWhatHasNoEffect() throws Exception {
        property(team, set -> {
            set.setValidFor("15m");
            set.setCredentialsId(QwietAccount.ID);
            set.setOrgId(OTHER);
            set.setEnforced(true);
        });
        QwietAccount.add(inner, "of-inner", qwiet.organization().serviceAccount());

        assertThat(form().doCheckValidFor(inner, "20m"))
                .returns(Kind.WARNING, each -> each.kind)
                .hasMessageContaining("The folder &quot;" + team.getFullName() + "&quot; sets this");
        assertThat(form().doCheckCredentialsId(inner, "of-inner").kind).isEqualTo(Kind.WARNING);
        assertThat(form().doCheckValidFor(inner, "15m").kind).isEqualTo(Kind.OK);
        assertThat(form().doCheckValidFor(inner, "900").kind).isEqualTo(Kind.OK);
        assertThat(form().doCheckOrgId(inner, OTHER.toUpperCase(Locale.ROOT)).kind)
                .isEqualTo(Kind.OK);
        assertThat(form().doCheckOrgId(inner, qwiet.organization().id()).kind).isEqualTo(Kind.WARNING);
        assertThat(form().doCheckValidFor(team, "20m").kind).isEqualTo(Kind.OK);
        assertThat(form().doCheckVariable(inner, "MINE", "", "").kind).isEqualTo(Kind.OK);
    }

    @Test
    void theButtonTestsWhatWouldApply() throws Exception {
        FakeOrganization other = organizationOf(team);

        assertThat(form().doTestConnection(inner, "", ""))
                .returns(Kind.OK, each -> each.kind)
                .hasMessageContaining(other.id());
        assertThat(form().doTestConnection(inner, qwiet.organization().id(), QwietAccount.ID))
                .returns(Kind.OK, each -> each.kind)
                .hasMessageContaining(qwiet.organization().id());
        assertThat(form().doTestConnection(otherTeam, "", "of-the-team").kind).isEqualTo(Kind.ERROR);
        assertThat(form().doTestConnection(otherTeam, "", ""))
                .hasMessageContaining(qwiet.organization().id());
    }

    /** All would be well with the account, and no build below would get a token. */
    @Test
    void theButtonsKnowTheOrganizationThatAFolderEnforces() throws Exception {
        FakeOrganization other = qwiet.addOrganization();
        property(team, set -> {
            set.setOrgId(qwiet.organization().id());
            set.setEnforced(true);
        });
        var account = new QwietServiceAccount(
                CredentialsScope.GLOBAL, "of-inner", "", Secret.fromString(other.serviceAccount()));
        account.setOrgId(other.id());
        CredentialsProvider.lookupStores(inner).iterator().next().addCredentials(Domain.global(), account);
        String sentence = "No build here can use this service account, because the folder &quot;" + team.getFullName()
                + "&quot; sets the organization for all jobs in it, and " + other.id() + " is another one.";

        assertThat(form().doTestConnection(inner, "", "of-inner"))
                .returns(Kind.ERROR, each -> each.kind)
                .hasMessageContaining(sentence);
        var credential = ExtensionList.lookupSingleton(ConnectionCheck.class);
        assertThat(credential.check(SecretText.of(other.serviceAccount()), other.id(), inner))
                .returns(Kind.ERROR, each -> each.kind)
                .hasMessageContaining(sentence);
        assertThat(credential.check(
                                SecretText.of(qwiet.organization().serviceAccount()),
                                qwiet.organization().id().toUpperCase(Locale.ROOT),
                                inner)
                        .kind)
                .isEqualTo(Kind.OK);
        assertThat(logOfFailed(inner, "withQwietCiToken(credentialsId: 'of-inner') { }"))
                .contains("so the service account \"of-inner\" cannot be used for " + other.id());
    }

    @Test
    void nobodyLearnsAnythingWhoMayNotConfigureTheFolder() throws Exception {
        organizationOf(team);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader", "configurer")
                .grant(Item.CONFIGURE, Item.EXTENDED_READ, CredentialsProvider.USE_ITEM)
                .onItems(team)
                .to("configurer"));

        try (var ignored = ACL.as2(User.getById("reader", true).impersonate2())) {
            assertThat(form().doFillCredentialsIdItems(team, ""))
                    .extracting(option -> option.value)
                    .doesNotContain("of-the-team", QwietAccount.ID);
            assertThat(form().doCheckCredentialsId(team, "nobody").kind).isEqualTo(Kind.OK);
            assertThat(form().doCheckValidFor(team, "5").kind).isEqualTo(Kind.OK);
            assertThatThrownBy(() -> form().doTestConnection(team, "", "")).isInstanceOf(AccessDeniedException3.class);
            assertThatThrownBy(() -> form().doTestConnection(null, "", "")).isInstanceOf(AccessDeniedException3.class);
        }
        try (var ignored = ACL.as2(User.getById("configurer", true).impersonate2())) {
            assertThat(form().doFillCredentialsIdItems(team, ""))
                    .extracting(option -> option.value)
                    .contains("of-the-team");
            FormValidation answer = form().doTestConnection(team, "", "");
            assertThat(answer.kind).isEqualTo(Kind.OK);
        }
        String path =
                "descriptorByName/" + QwietFolderProperty.class.getName() + "/testConnection?credentialsId=&orgId=";
        assertThat(Browser.ask(jenkins, "reader", HttpMethod.POST, team.getUrl() + path)
                        .getStatusCode())
                .isEqualTo(403);
        for (String check : new String[] {
            "testConnection",
            "fillCredentialsIdItems",
            "checkCredentialsId",
            "checkOrgId",
            "checkValidFor",
            "checkVariable",
            "checkOrgVariable",
            "checkApiHostVariable"
        }) {
            assertThat(Browser.ask(
                                    jenkins,
                                    "configurer",
                                    HttpMethod.GET,
                                    team.getUrl() + path.replace("testConnection", check))
                            .getStatusCode())
                    .as(check)
                    .isIn(404, 405);
        }
    }

    private static String placeholder(HtmlPage page, String field) {
        return page.<HtmlInput>getFirstByXPath("//input[@name='_." + field + "']")
                .getPlaceholder();
    }
}
