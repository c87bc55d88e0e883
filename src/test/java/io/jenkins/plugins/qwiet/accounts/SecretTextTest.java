package io.jenkins.plugins.qwiet.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.FreeStyleProject;
import hudson.model.ModelObject;
import hudson.model.Result;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.fake.RecordedRequest;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.SecretStore;
import io.jenkins.plugins.qwiet.harness.TextsOnDisk;
import io.jenkins.plugins.qwiet.lease.Account;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestExtension;

/** A secret text that holds the token of a service account, in Jenkins or in a store somewhere else. */
class SecretTextTest extends OnJenkins {
    private static final String HELD =
            "withQwietCiToken(label: 'held', credentialsId: '" + SecretStore.ID + "') { semaphore 'PAUSE' }";

    @BeforeEach
    void isInAStore() {
        QwietAccount.removeAll(jenkins.jenkins);
        SecretStore.put(qwiet.organization().serviceAccount());
    }

    @AfterEach
    void takeItAway() {
        SecretStore.empty();
        SystemCredentialsProvider.getInstance().getCredentials().removeIf(StringCredentialsImpl.class::isInstance);
    }

    private static StringCredentialsImpl text(String id, String token) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(token));
    }

    private static void add(ModelObject where, StringCredentialsImpl text) throws Exception {
        CredentialsProvider.lookupStores(where).iterator().next().addCredentials(Domain.global(), text);
    }

    private List<String> bearers(String method) {
        return qwiet.requests().stream()
                .filter(request -> request.method().equals(method))
                .map(SecretTextTest::bearer)
                .toList();
    }

    private static String bearer(RecordedRequest request) {
        return request.headers().get("authorization").replaceFirst("^Bearer ", "");
    }

    private static boolean isFoundWithoutMemory() throws Exception {
        var lease = JenkinsLeases.get().leasing().store().leases().get(0);
        return new QwietConnections().of(lease).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(credentialsId: 'in-a-store') { USE }",
                "qwietCiToken(credentialsId: 'in-a-store')\nUSE",
                "withCredentials([qwietAccessToken(credentialsId: 'in-a-store')]) { USE }"
            })
    void mintsAndRevokesInEachForm(String form) throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                form.replace("USE", "if (!env.SHIFTLEFT_ACCESS_TOKEN) error('none')\necho env.SHIFTLEFT_ACCESS_TOKEN"));

        jenkins.assertLogContains("****", run);
        jenkins.assertLogContains("Qwiet: revoked CI token", run);
        assertThat(qwiet.organization().minted()).isOne();
        String account = qwiet.organization().serviceAccount();
        assertThat(bearers("POST")).containsExactly(account);
        assertThat(TextsOnDisk.namesOfThoseWith(
                        account, jenkins.jenkins.getRootDir().toPath()))
                .isEmpty();
    }

    @Test
    void isTheGlobalAccountToo() throws Exception {
        var settings = QwietConfiguration.get();
        settings.setCredentialsId(SecretStore.ID);

        assertThat(settings.doCheckCredentialsId(SecretStore.ID).kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(settings.doTestConnection(
                        qwiet.address(), qwiet.organization().id(), SecretStore.ID))
                .hasFieldOrPropertyWithValue("kind", FormValidation.Kind.OK);
        assertThat(settings.doTestConnection(qwiet.address(), "", SecretStore.ID))
                .hasMessageContaining("No organization ID is set");
        build(Result.SUCCESS, "withQwietCiToken { qwietTokenAudit() }");
    }

    @Test
    void isRememberedByItsPlace() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        add(folder, text("in-folder", qwiet.organization().serviceAccount()));
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        String pause = newName();
        job.setDefinition(new CpsFlowDefinition(
                "withQwietCiToken(credentialsId: 'in-folder') { semaphore '" + pause + "' }", true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);

        assertThat(JenkinsLeases.get().leasing().store().leases())
                .singleElement()
                .satisfies(lease ->
                        assertThat(lease.account()).isEqualTo(new Account("in-folder", folder.getFullName(), null)));
        assertThat(isFoundWithoutMemory()).isTrue();
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    void thatWasRotatedRevokesWithItsNewValue() throws Exception {
        String before = qwiet.organization().serviceAccount();
        Paused build = paused(HELD);
        String after = qwiet.organization().serviceAccount("tokens:create", "tokens:list", "tokens:delete");
        SecretStore.put(after);
        qwiet.organization().forget(before);

        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", build.goOn(Result.SUCCESS));

        assertThat(bearers("POST")).containsExactly(before);
        assertThat(bearers("DELETE")).containsExactly(after);
    }

    @Test
    void ofWhichQwietKnowsOnlyTheOldValueRevokesWithThat() throws Exception {
        Paused build = paused(HELD);
        SecretStore.put("mistyped-token-of-nobody-at-all");

        jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", build.goOn(Result.SUCCESS));
    }

    @Test
    void thatCannotBeReadMintsNothingAndSaysSo() throws Exception {
        SecretStore.goOut();

        WorkflowRun run = build(Result.FAILURE, HELD);

        jenkins.assertLogContains(
                "The secret text \"in-a-store\" could not be read, because the store that it comes from failed"
                        + " (IllegalStateException).",
                run);
        jenkins.assertLogNotContains("no answer, and", run);
        assertThat(qwiet.organization().minted()).isZero();
        var settings = QwietConfiguration.get();
        assertThat(settings.doTestConnection(
                        qwiet.address(), qwiet.organization().id(), SecretStore.ID))
                .hasFieldOrPropertyWithValue("kind", FormValidation.Kind.ERROR)
                .hasMessageContaining("could not be read");
    }

    @Test
    void whoseStoreFailsForAWhileRevokesAsSoonAsItAnswersEvenAfterARestart() throws Exception {
        Paused build = paused(HELD);
        QwietConnections.get().moved("", newName());
        SecretStore.goOut();

        jenkins.assertLogContains(
                "is not revoked yet: The service account could not be looked up", build.goOn(Result.SUCCESS));

        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        SecretStore.put(qwiet.organization().serviceAccount());
        await().untilAsserted(() -> {
            JenkinsLeases.get().janitor().sweepAll();
            assertThat(qwiet.organization().liveTokens()).isEmpty();
        });
    }

    @Test
    void whoseStoreIsSlowHoldsUpItsOwnBuildAlone() throws Exception {
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, qwiet.organization().serviceAccount());
        SecretStore.hesitate();
        String pause = newName();
        WorkflowRun slow = job(HELD.replace("PAUSE", pause)).scheduleBuild2(0).waitForStart();
        await().until(() -> SecretStore.readings() > 0);

        build(Result.SUCCESS, "withQwietCiToken { echo 'meanwhile' }");

        assertThat(slow.isBuilding()).isTrue();
        SecretStore.answer();
        SemaphoreStep.waitForStart(pause + "/1", slow);
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(slow));
        // Once for the build and once where Jenkins finds it later; and at the end once.
        assertThat(SecretStore.readings()).isLessThanOrEqualTo(3);
    }

    @Test
    void withoutAnOrganizationSaysWhereToEnterOne() throws Exception {
        QwietConfiguration.get().setOrgId(null);

        jenkins.assertLogContains(
                "No Qwiet organization ID is set, and the secret text \"in-a-store\" cannot contain one.",
                build(Result.FAILURE, HELD));

        build(
                Result.SUCCESS,
                "withQwietCiToken(credentialsId: 'in-a-store', orgId: '"
                        + qwiet.organization().id() + "') { }");
    }

    @Test
    void thatIsEmptyOrOfAnotherServiceIsSentNowhere() throws Exception {
        add(jenkins.jenkins, text("blank", " \n"));
        add(jenkins.jenkins, text("of-github", "ghp_0123456789012345678901234567890123456"));

        jenkins.assertLogContains(
                "The secret text \"blank\" is empty.",
                build(Result.FAILURE, "withQwietCiToken(credentialsId: 'blank') { }"));
        jenkins.assertLogContains(
                "holds a token of GitHub, not of Qwiet",
                build(Result.FAILURE, "withQwietCiToken(credentialsId: 'of-github') { }"));
        assertThat(qwiet.requests()).isEmpty();
    }

    @Test
    void isOfferedAfterOurOwnKindAndSaidToBeOne() throws Exception {
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, qwiet.organization().serviceAccount());
        add(jenkins.jenkins, text(QwietAccount.ID, "another-of-the-same-id-as-our-own"));
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());

        assertThat(AccountForm.accounts(job, ""))
                .extracting(option -> option.name, option -> option.value)
                .containsExactly(
                        tuple("- use the global setting -", AccountForm.NOTHING_CHOSEN),
                        tuple("sa (of a test)", QwietAccount.ID),
                        tuple("of a store (secret text)", SecretStore.ID));
        assertThat(AccountForm.checkAccount(job, SecretStore.ID).kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(AccountForm.checkAccount(job, "nobody"))
                .hasFieldOrPropertyWithValue("kind", FormValidation.Kind.ERROR)
                .hasMessageContaining("Qwiet service account&quot; or &quot;Secret text");
    }

    @Test
    void ofTheSameIdAsOneOfOurOwnKindDoesNotCount() throws Exception {
        QwietAccount.add(jenkins.jenkins, "twice", qwiet.organization().serviceAccount());
        add(jenkins.jenkins, text("twice", "mistyped-token-of-nobody-at-all"));

        build(Result.SUCCESS, "withQwietCiToken(credentialsId: 'twice') { }");

        assertThat(bearers("POST")).containsExactly(qwiet.organization().serviceAccount());
    }

    @Test
    void inAnEnvironmentBlockStaysWhatItIs() throws Exception {
        WorkflowRun run = build(
                Result.SUCCESS,
                "pipeline { agent none\n environment { TEXT = credentials('in-a-store') }\n"
                        + "stages { stage('x') { steps { script { if (!env.TEXT) error('none') } } } } }");

        jenkins.assertLogNotContains("created CI token", run);
        assertThat(qwiet.organization().minted()).isZero();
    }

    @TestExtension
    public static class Store extends SecretStore {}
}
