package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stored token goes to the stored address, and to no address that somebody typed. */
class StoredTokenTest extends WithQwiet {
    private FakeQwiet elsewhere;

    @BeforeAll
    static void secure() {
        SecuredJenkins.secure(jenkins);
    }

    @BeforeEach
    void startAnother() {
        elsewhere = FakeQwiet.start();
    }

    @AfterEach
    void stopTheOther() {
        elsewhere.close();
    }

    private static String path(Class<?> described, String method) {
        return jenkins.jenkins
                        .getDescriptorOrDie(described.asSubclass(hudson.model.Describable.class))
                        .getDescriptorUrl()
                + "/" + method;
    }

    @Test
    void theTestOfTheSettingsAsksToSaveANewAddressFirst() throws Exception {
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);
        String path = path(QwietConfiguration.class, "testConnection");

        String typed = admin.post(path, fields(elsewhere)).body();
        assertThat(typed).contains("Save first");
        assertThat(elsewhere.calls(Operation.ANY)).isZero();
        assertThat(elsewhere.requests()).isEmpty();

        assertThat(admin.post(path, fields(qwiet)).body()).contains("may create CI tokens");
        assertThat(qwiet.calls(Operation.SCOPES)).isEqualTo(1);
    }

    private static Map<String, String> fields(FakeQwiet at) {
        return Map.of("apiAddress", at.address(), "orgId", at.organization().id(), "credentialsId", QwietAccount.ID);
    }

    @Test
    void theTestOfACredentialKnowsNoOtherAddress() throws Exception {
        var keeper = Visitor.named(jenkins, SecuredJenkins.KEEPER);
        String stored = Secret.fromString(qwiet.organization().serviceAccount()).getEncryptedValue();

        String said = keeper.post(
                        path(QwietServiceAccount.class, "testServiceAccount"),
                        Map.of(
                                "token", stored,
                                "orgId", elsewhere.organization().id(),
                                "apiAddress", elsewhere.address()))
                .body();

        assertThat(said).contains("Qwiet refused");
        assertThat(elsewhere.requests()).isEmpty();
        assertThat(qwiet.calls(Operation.SCOPES)).isEqualTo(1);
    }

    @Test
    void aLeaseIsNotEndedAtAnAddressThatWasNotThereWhenItBegan() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "lease");
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'x') { semaphore 'address' }", true));
        var run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("address/1", run);

        QwietConfiguration.get().setApiAddress(elsewhere.address());
        SemaphoreStep.success("address/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        jenkins.assertLogContains("is not revoked yet", run);
        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void isNotInTheFormThatEditsIt() throws Exception {
        var admin = Visitor.named(jenkins, SecuredJenkins.ADMIN);

        String form = admin.get(
                        "manage/credentials/store/system/domain/_/credential/" + QwietAccount.ID + "/updateDialog")
                .body();

        assertThat(form).contains("_.token").doesNotContain(qwiet.organization().serviceAccount());
    }
}
