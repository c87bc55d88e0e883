package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import io.jenkins.plugins.qwiet.report.QwietTokenAudit;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.transform.stream.StreamSource;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that no form wrote: elements that are blank, as templates write them, set nothing, and blanks around a text are none of it. */
class ImportedConfigurationTest extends WithFolders {
    private static InputStream stream(String xml) {
        return new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<credentialsId></credentialsId>",
                "<orgId></orgId>",
                "<validFor/>",
                "<variable></variable>",
                "<orgVariable/>",
                "<apiHostVariable> </apiHostVariable>",
                "<credentialsId> sa\n</credentialsId>",
                "<validFor> 15m </validFor>",
                "<variable> TEAM </variable>"
            })
    void ofAFolder(String element) throws Exception {
        String name = QwietFolderProperty.class.getName();
        String changed = team.getConfigFile()
                .asString()
                .replaceFirst(
                        "(?s)<properties\\s*/>|<properties>.*</properties>",
                        "<properties><" + name + ">" + element + "</" + name + "></properties>");

        team.updateByXml(new StreamSource(stream(changed)));

        assertThat(propertyOf(team.getFullName())).isNotNull();
        jenkins.buildAndAssertSuccess(job(team, "withQwietCiToken { }"));
    }

    @Test
    void ofAJob() throws Exception {
        String blank = "<credentialsId> </credentialsId><label></label><description></description><orgId></orgId>"
                + "<variable></variable><orgVariable/><validFor></validFor>";
        String severities =
                "<ownTokenLive/><neverExpires> </neverExpires><expiresLate/><tooMany></tooMany><leftByBuild/>"
                        + "<labelMismatch/><listUnavailable> fail </listUnavailable><labelPattern></labelPattern>";
        var job = (FreeStyleProject) Jenkins.get()
                .createProjectFromXML(
                        newName(),
                        stream("<project><builders>" + element(QwietTokenBuilder.class, blank)
                                + "</builders><publishers>"
                                + element(QwietTokenAudit.class, "<credentialsId/><orgId> </orgId>" + severities)
                                + "</publishers><buildWrappers>"
                                + element(
                                        SecretBuildWrapper.class,
                                        "<bindings>"
                                                + element(
                                                        QwietAccessTokenBinding.class,
                                                        blank.replace(
                                                                "<variable></variable>",
                                                                "<variable> BOUND </variable>"))
                                                + "</bindings>")
                                + "</buildWrappers></project>"));

        jenkins.buildAndAssertSuccess(job);

        assertThat(qwiet.organization().minted()).isEqualTo(2);
        assertThat(qwiet.organization().liveTokens()).isEmpty();
        assertThat(job.getBuildersList().get(QwietTokenBuilder.class).getValidFor())
                .isNull();
    }

    private static String element(Class<?> of, String inner) {
        return "<" + of.getName() + ">" + inner + "</" + of.getName() + ">";
    }

    @Test
    void ofTheGlobalSettings() throws Exception {
        QwietConfiguration.get().save();
        Path file = Jenkins.get().getRootDir().toPath().resolve(QwietConfiguration.class.getName() + ".xml");
        String before = Files.readString(file);
        try {
            Files.writeString(
                    file,
                    before.replaceFirst("<orgId>(.*)</orgId>", "<orgId> $1\n</orgId>")
                            .replaceFirst(
                                    "<credentialsId>.*</credentialsId>", "<credentialsId>\n  sa\n</credentialsId>")
                            .replaceFirst("<apiAddress>(.*)</apiAddress>", "<apiAddress>$1 </apiAddress>")
                            .replaceFirst("<validity>.*</validity>", "<validity></validity>")
                            .replaceFirst("<variable>.*</variable>", "<variable/>")
                            .replaceFirst("<orgVariable>.*</orgVariable>", "<orgVariable> </orgVariable>"));

            QwietConfiguration.get().load();

            jenkins.buildAndAssertSuccess(
                    job(team, "withQwietCiToken { if (!env.SHIFTLEFT_ACCESS_TOKEN) error('none') }"));
            assertThat(QwietConfiguration.get().getValidity()).isEqualTo("3600");
        } finally {
            Files.writeString(file, before);
            QwietConfiguration.get().load();
        }
    }

    @Test
    void ofACredential() throws Exception {
        QwietAccount.add(team, "of-the-team", qwiet.organization().serviceAccount());
        String name = QwietServiceAccount.class.getName();
        String changed = team.getConfigFile().asString().replace("</" + name + ">", "<orgId></orgId></" + name + ">");
        assertThat(changed).contains("<orgId></orgId>");

        team.updateByXml(new StreamSource(stream(changed)));

        jenkins.buildAndAssertSuccess(job(team, "withQwietCiToken(credentialsId: 'of-the-team') { }"));
    }
}
