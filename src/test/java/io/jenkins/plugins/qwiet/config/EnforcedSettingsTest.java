package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import io.jenkins.plugins.qwiet.fake.FakeOrganization;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder enforces, neither folders nor steps below it override. */
class EnforcedSettingsTest extends WithFolders {
    private FakeOrganization enforcedOrganizationOf(Folder folder) throws Exception {
        FakeOrganization other = organizationOf(folder);
        propertyOf(folder.getFullName()).setEnforced(true);
        return other;
    }

    @Test
    void foldersBelowMaySetOnlyWhatIsNotSet() throws Exception {
        property(team, set -> {
            set.setValidFor(120);
            set.setEnforced(true);
        });
        property(inner, set -> {
            set.setValidFor(180);
            set.setVariable("OF_INNER");
        });

        QwietSettings settings = EffectiveSettings.of(inner).valid();

        assertThat(settings.validity()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.variable()).isEqualTo("OF_INNER");
    }

    @Test
    void theFolderThatEnforcesDoesNotBindThoseAboveIt() throws Exception {
        property(team, set -> set.setValidFor(120));
        property(inner, set -> {
            set.setValidFor(180);
            set.setEnforced(true);
        });

        assertThat(EffectiveSettings.of(inner).validity()).isEqualTo("180");
        assertThat(EffectiveSettings.of(team).validity()).isEqualTo("120");
    }

    @Test
    void aFolderBelowGetsItsOwnAccountIgnored() throws Exception {
        FakeOrganization other = enforcedOrganizationOf(team);
        QwietAccount.add(inner, "of-the-team", qwiet.organization().serviceAccount());
        property(inner, set -> {
            set.setCredentialsId(QwietAccount.ID);
            set.setOrgId(qwiet.organization().id());
        });

        jenkins.buildAndAssertSuccess(job(inner, "withQwietCiToken { }"));
        jenkins.buildAndAssertSuccess(job(inner, "withQwietCiToken(credentialsId: 'of-the-team') { }"));

        assertThat(other.minted()).isEqualTo(2);
        assertThat(qwiet.organization().minted()).isZero();
        assertThat(other.liveTokens()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(ACCOUNT) { }",
                "qwietCiToken(ACCOUNT)",
                "qwietTokenAudit(ACCOUNT, listUnavailable: 'FAIL')",
                "node { withCredentials([qwietAccessToken(ACCOUNT)]) { } }",
                "pipeline { agent any\nenvironment { T = credentials('sa') }\nstages { stage('s') { steps { echo 'in' } } } }"
            })
    void aStepThatNamesAnotherAccountFails(String script) throws Exception {
        enforcedOrganizationOf(team);

        assertThat(logOfFailed(inner, script.replace("ACCOUNT", "credentialsId: 'sa'")))
                .contains("The folder \"" + team.getFullName()
                        + "\" sets the service account for all jobs in it, so the step cannot use \"sa\".");
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void aStepThatNamesAnotherOrganizationFailsAndOneThatNamesTheSameDoesNot() throws Exception {
        FakeOrganization other = enforcedOrganizationOf(team);

        assertThat(logOfFailed(
                        inner,
                        "withQwietCiToken(orgId: '" + qwiet.organization().id() + "') { }"))
                .contains(
                        "sets the organization for all jobs in it, so the service account \"of-the-team\" cannot be used for "
                                + qwiet.organization().id());
        assertThat(qwiet.requests()).isEmpty();
        jenkins.buildAndAssertSuccess(
                job(inner, "withQwietCiToken(orgId: '" + other.id().toUpperCase(Locale.ROOT) + "') { }"));
    }

    @Test
    void aStepThatNamesAnotherLifetimeFailsAndOneThatNamesTheSameDoesNot() throws Exception {
        property(team, set -> {
            set.setValidFor("15m");
            set.setEnforced(true);
        });

        assertThat(logOfFailed(inner, "qwietCiToken(validFor: '2h')"))
                .contains("sets the lifetime \"15m\" for the tokens of all jobs in it, so \"2h\" is not possible.");
        assertThat(qwiet.requests()).isEmpty();
        jenkins.buildAndAssertSuccess(job(inner, "withQwietCiToken(validFor: 900) { }"));
    }

    /** A lifetime that is none is said to be none: no step has to give way to it. */
    @Test
    void whatIsEnforcedAndWrongIsSaidToBeWrong() throws Exception {
        property(team, set -> {
            set.setValidFor("soon");
            set.setEnforced(true);
        });

        assertThat(logOfFailed(inner, "withQwietCiToken(validFor: 900) { }"))
                .contains("A setting of Qwiet in the folder \"" + team.getFullName()
                        + "\" is not valid: A token cannot be valid for \"soon\"")
                .doesNotContain("Remove validFor");
    }

    /** Which creates no token. */
    @Test
    void anAuditOfAnotherOrganizationIsRefusedInWordsThatAreTrue() throws Exception {
        enforcedOrganizationOf(team);

        assertThat(logOfFailed(
                        inner, "qwietTokenAudit(orgId: '" + qwiet.organization().id() + "', listUnavailable: 'FAIL')"))
                .contains("so the service account \"of-the-team\" cannot be used for "
                        + qwiet.organization().id() + ".")
                .doesNotContain("no token can be created");
    }

    @Test
    void aStepMayStillNameItsVariables() throws Exception {
        property(team, set -> {
            set.setVariable("OF_THE_TEAM");
            set.setEnforced(true);
        });

        jenkins.buildAndAssertSuccess(
                job(inner, "withQwietCiToken(variable: 'MINE') { if (!env.MINE || env.OF_THE_TEAM) error('wrong') }"));
    }
}
