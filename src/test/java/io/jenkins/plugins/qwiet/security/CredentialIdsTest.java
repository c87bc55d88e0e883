package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.bind.QwietCiTokenStep;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.bind.WithQwietCiTokenStep;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;

/** Who learns which service accounts there are, and whose builds can use them. */
class CredentialIdsTest extends WithQwiet {
    @Test
    void areOfferedWhereTheyCanBeUsedToThoseWhoConfigure() throws Exception {
        SecuredJenkins.secure(jenkins);
        Folder mine = jenkins.createProject(Folder.class, "mine");
        Folder other = jenkins.createProject(Folder.class, "other");
        QwietAccount.add(other, "secret-of-other", qwiet.organization().serviceAccount());
        Item job = mine.createProject(FreeStyleProject.class, "job");
        Item neighbour = other.createProject(FreeStyleProject.class, "job");
        var developer = Visitor.named(jenkins, SecuredJenkins.DEVELOPER);
        var reader = Visitor.named(jenkins, SecuredJenkins.READER);

        for (var form : List.of(QwietCiTokenStep.class, WithQwietCiTokenStep.class, QwietTokenBuilder.class)) {
            String fill = jenkins.jenkins.getDescriptor(form).getDescriptorUrl() + "/fillCredentialsIdItems";
            String check = jenkins.jenkins.getDescriptor(form).getDescriptorUrl() + "/checkCredentialsId";
            var there = Map.of("credentialsId", "secret-of-other");

            assertThat(developer.post(neighbour.getUrl() + fill, Map.of()).body())
                    .contains("\"secret-of-other\"");
            assertThat(developer.post(job.getUrl() + fill, Map.of()).body())
                    .contains("\"" + QwietAccount.ID + "\"")
                    .doesNotContain("secret-of-other");
            assertThat(reader.post(neighbour.getUrl() + fill, Map.of()).body()).doesNotContain("secret-of-other");
            // No guessing either.
            assertThat(reader.post(neighbour.getUrl() + check, there))
                    .isEqualTo(reader.post(job.getUrl() + check, there));
        }
    }

    @Test
    void ofAnotherFolderGiveABuildNothing() throws Exception {
        Folder other = jenkins.createProject(Folder.class, "other");
        QwietAccount.add(other, "secret-of-other", qwiet.organization().serviceAccount());
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(
                "withCredentials([qwietAccessToken(credentialsId: 'secret-of-other')]) { echo 'never' }", true));

        var run = jenkins.assertBuildStatus(Result.FAILURE, job.scheduleBuild2(0));

        jenkins.assertLogNotContains("never", run);
        assertThat(qwiet.calls(Operation.ANY)).isZero();
    }

    @Test
    void ofTheScopeSystemAreRefusedByTheSettings() {
        for (var scope : List.of(CredentialsScope.SYSTEM, CredentialsScope.GLOBAL)) {
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .add(new QwietServiceAccount(
                            scope, "of-" + scope, "", Secret.fromString("long-enough-for-a-token")));
        }

        var settings = QwietConfiguration.get();

        assertThat(settings.doCheckCredentialsId("of-SYSTEM"))
                .hasFieldOrPropertyWithValue("kind", FormValidation.Kind.ERROR)
                .hasMessageContaining("because it has the scope System");
        assertThat(settings.doCheckCredentialsId("of-GLOBAL").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(settings.doCheckCredentialsId("").kind).isEqualTo(FormValidation.Kind.WARNING);
    }
}
