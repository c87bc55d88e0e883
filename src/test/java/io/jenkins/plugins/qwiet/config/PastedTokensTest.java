package io.jenkins.plugins.qwiet.config;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.util.FormValidation;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.harness.WithFolders;
import io.jenkins.plugins.qwiet.report.QwietTokenAudit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A service account's token, pasted where its id or something else is to stand, is in no log of a build whole. */
class PastedTokensTest extends WithFolders {
    private String token() {
        return qwiet.organization().serviceAccount();
    }

    private void isCut(String text) {
        assertThat(text).doesNotContain(token()).contains(token().substring(0, 12) + "…");
    }

    static Stream<BiConsumer<QwietFolderProperty, String>> fields() {
        return Stream.of(
                QwietFolderProperty::setCredentialsId,
                QwietFolderProperty::setOrgId,
                QwietFolderProperty::setValidFor,
                QwietFolderProperty::setVariable,
                QwietFolderProperty::setOrgVariable,
                QwietFolderProperty::setApiHostVariable);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void inAFolder(BiConsumer<QwietFolderProperty, String> field) throws Exception {
        property(team, set -> field.accept(set, token()));

        isCut(logOfFailed(team, "withQwietCiToken { }"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentialsId", "orgId", "validFor", "variable", "orgVariable"})
    void inAStep(String argument) throws Exception {
        isCut(logOfFailed(team, "withQwietCiToken(" + argument + ": '" + token() + "') { }"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentialsId", "orgId"})
    void inAnAudit(String argument) throws Exception {
        isCut(logOfFailed(team, "qwietTokenAudit(" + argument + ": '" + token() + "', listUnavailable: 'FAIL')"));
    }

    @Test
    void inAJob() throws Exception {
        FreeStyleProject job = team.createProject(FreeStyleProject.class, newName());
        var step = new QwietTokenBuilder("");
        step.setCredentialsId(token());
        job.getBuildersList().add(step);
        job.getPublishersList().add(new QwietTokenAudit());

        isCut(jenkins.getLog(jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0))));
    }

    @Test
    void inTheGlobalSettings() throws Exception {
        QwietConfiguration.get().setCredentialsId(token());

        isCut(logOfFailed(team, "withQwietCiToken { }"));
    }

    @Test
    void inAForm() {
        var folder = jenkins.jenkins.getDescriptorByType(QwietFolderProperty.DescriptorImpl.class);

        for (FormValidation answer : new FormValidation[] {
            folder.doCheckCredentialsId(team, token()),
            folder.doTestConnection(team, "", token()),
            QwietConfiguration.get().doCheckCredentialsId(token()),
            QwietConfiguration.get()
                    .doTestConnection(qwiet.address(), qwiet.organization().id(), token())
        }) {
            assertThat(answer.kind).isEqualTo(FormValidation.Kind.ERROR);
            isCut(answer.getMessage());
        }
    }

    /** Nothing but an id is so short. */
    @Test
    void anIdIsQuotedAsItIs() throws Exception {
        assertThat(logOfFailed(team, "withQwietCiToken(credentialsId: 'team-qwiet-service-account') { }"))
                .contains("with the ID \"team-qwiet-service-account\" that this job can use");
    }
}
