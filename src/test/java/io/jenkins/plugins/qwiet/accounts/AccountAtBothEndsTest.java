package io.jenkins.plugins.qwiet.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ItemGroup;
import hudson.model.Items;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;
import org.jvnet.hudson.test.TestExtension;
import org.springframework.security.core.Authentication;

/** A token is revoked with the account that minted it, however the build came by that. */
class AccountAtBothEndsTest extends OnJenkins {
    private static final String OWN = "own";

    @BeforeEach
    void thereIsNoGlobalAccount() {
        QwietConfiguration.get().setCredentialsId(null);
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice")
                .grant(CredentialsProvider.USE_OWN)
                .everywhere()
                .to("alice"));
        HiddenFromJenkins.answers.set(0);
    }

    @AfterEach
    void nobodyElseRunsBuilds() {
        QueueItemAuthenticatorConfiguration.get().getAuthenticators().clear();
    }

    /** What a restarted Jenkins finds, which keeps no account in memory. */
    private static boolean isFoundWithoutMemory(Lease lease) {
        return new QwietConnections().of(lease).isPresent();
    }

    private static Lease onlyLease() throws Exception {
        List<Lease> leases = JenkinsLeases.get().leasing().store().leases();
        assertThat(leases).hasSize(1);
        return leases.get(0);
    }

    private record Held(WorkflowRun run, String pause, Lease lease) {
        void end() throws Exception {
            SemaphoreStep.success(pause + "/1", null);
            jenkins.assertBuildStatus(Result.SUCCESS, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("Qwiet: revoked CI token \"held\"", run);
        }
    }

    /** A build of Alice's that holds a token of this account. */
    private Held held(WorkflowJob job, String account, CredentialsParameterValue... parameter) throws Exception {
        String pause = newName();
        job.setDefinition(new CpsFlowDefinition(
                "withQwietCiToken(label: 'held', credentialsId: '" + account + "') { semaphore '" + pause + "' }",
                true));
        var run = job.scheduleBuild2(
                        0, new CauseAction(new Cause.UserIdCause("alice")), new ParametersAction(parameter))
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        return new Held(run, pause, onlyLease());
    }

    private static WorkflowJob parameterized(String defaultId) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("CRED", "", defaultId, QwietServiceAccount.class.getName(), true)));
        return job;
    }

    private void giveAliceAnAccountOfHerOwn() throws Exception {
        User alice = User.getById("alice", true);
        try (ACLContext ignored = ACL.as(alice)) {
            QwietAccount.add(alice, OWN, qwiet.organization().serviceAccount());
        }
    }

    @Test
    void aParameterOfTheBuild() throws Exception {
        var value = new CredentialsParameterValue("CRED", QwietAccount.ID, "");
        for (String typed : List.of("${CRED}", "CRED")) {
            Held build = held(parameterized(""), typed, value);

            assertThat(build.lease().account()).isEqualTo(Account.ofJenkins(QwietAccount.ID));
            assertThat(isFoundWithoutMemory(build.lease())).isTrue();
            build.end();
        }
    }

    @Test
    void theDefaultOfAParameter() throws Exception {
        Held build = held(
                parameterized(QwietAccount.ID),
                "${CRED}",
                new CredentialsParameterValue("CRED", QwietAccount.ID, "", true));

        assertThat(build.lease().account()).isEqualTo(Account.ofJenkins(QwietAccount.ID));
        build.end();
    }

    @Test
    void aUsersOwn() throws Exception {
        giveAliceAnAccountOfHerOwn();

        Held build = held(parameterized(""), "${CRED}", new CredentialsParameterValue("CRED", OWN, ""));

        assertThat(build.lease().account()).isEqualTo(new Account(OWN, "", "alice"));
        assertThat(isFoundWithoutMemory(build.lease())).isTrue();
        build.end();
    }

    @Test
    void ofTheUserAsWhomAJobRuns() throws Exception {
        giveAliceAnAccountOfHerOwn();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .add(new MockQueueItemAuthenticator()
                        .authenticate(
                                job.getFullName(), User.getById("alice", true).impersonate2()));

        Held build = held(job, OWN);

        assertThat(build.lease().account()).isEqualTo(new Account(OWN, "", "alice"));
        assertThat(isFoundWithoutMemory(build.lease())).isTrue();
        build.end();
    }

    @Test
    void ofTheFolderFromWhichAJobIsMoved() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "in-folder", qwiet.organization().serviceAccount());
        Folder other = jenkins.createProject(Folder.class, newName());
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        Held build = held(job, "in-folder");

        Items.move(job, other);
        folder.renameTo(newName());

        assertThat(onlyLease().account()).isEqualTo(new Account("in-folder", folder.getFullName(), null));
        assertThat(isFoundWithoutMemory(onlyLease())).isTrue();
        // A Pipeline whose job is moved does not go on in any case.
        build.run().doKill();
        jenkins.waitForCompletion(build.run());
    }

    @Test
    void thatWasMovedIntoTheFolderOfTheJob() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        Held build = held(folder.createProject(WorkflowJob.class, newName()), QwietAccount.ID);

        QwietAccount.removeAll(jenkins.jenkins);
        QwietAccount.add(folder, QwietAccount.ID, qwiet.organization().serviceAccount());

        assertThat(isFoundWithoutMemory(build.lease())).isTrue();
        build.end();
    }

    @Test
    void thatWasMovedUp() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "moves", qwiet.organization().serviceAccount());
        Held build = held(folder.createProject(WorkflowJob.class, newName()), "moves");

        QwietAccount.removeAll(folder);
        QwietAccount.add(jenkins.jenkins, "moves", qwiet.organization().serviceAccount());

        assertThat(isFoundWithoutMemory(build.lease())).isTrue();
        build.end();
    }

    @Test
    void thatWasMovedWithTheJobToAnotherFolder() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "moves", qwiet.organization().serviceAccount());
        Folder other = jenkins.createProject(Folder.class, newName());
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        Held build = held(job, "moves");

        Items.move(job, other);
        QwietAccount.removeAll(folder);
        QwietAccount.add(other, "moves", qwiet.organization().serviceAccount());

        assertThat(isFoundWithoutMemory(onlyLease())).isTrue();
        build.run().doKill();
        jenkins.waitForCompletion(build.run());
    }

    @Test
    void aUsersOwnThatBecameOneOfTheFolderOfTheJob() throws Exception {
        giveAliceAnAccountOfHerOwn();
        Folder folder = jenkins.createProject(Folder.class, newName());
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("CRED", "", "", QwietServiceAccount.class.getName(), true)));
        Held build = held(job, "${CRED}", new CredentialsParameterValue("CRED", OWN, ""));

        User alice = User.getById("alice", true);
        try (ACLContext ignored = ACL.as(alice)) {
            QwietAccount.removeAll(alice);
        }
        QwietAccount.add(folder, OWN, qwiet.organization().serviceAccount());

        assertThat(isFoundWithoutMemory(build.lease())).isTrue();
        build.end();
    }

    @Test
    void ofTheSameNameInTwoPlaces() throws Exception {
        QwietAccount.add(jenkins.jenkins, "twice", "a-token-of-nobody-at-all");
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "twice", qwiet.organization().serviceAccount());

        Held build = held(folder.createProject(WorkflowJob.class, newName()), "twice");

        assertThat(build.lease().account()).isEqualTo(new Account("twice", folder.getFullName(), null));
        build.end();
    }

    @Test
    void thatIsDeletedMeanwhile() throws Exception {
        Held build = held(jenkins.createProject(WorkflowJob.class, newName()), QwietAccount.ID);

        QwietAccount.removeAll(jenkins.jenkins);

        assertThat(isFoundWithoutMemory(build.lease())).isFalse();
        assertThat(new QwietConnections().whyNone(build.lease()))
                .isEqualTo("the service account \"sa\" no longer exists in Jenkins");
        build.end();
    }

    @Test
    void thatIsMistypedWhenItIsReplaced() throws Exception {
        Held build = held(jenkins.createProject(WorkflowJob.class, newName()), QwietAccount.ID);

        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, "mistyped-token-of-nobody-at-all");
        build.end();
    }

    @Test
    void thatIsDeletedAndAnotherOfItsNameIsHigherUp() throws Exception {
        QwietAccount.add(jenkins.jenkins, "twice", qwiet.addOrganization().serviceAccount());
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "twice", qwiet.organization().serviceAccount());
        Held build = held(folder.createProject(WorkflowJob.class, newName()), "twice");

        QwietAccount.removeAll(folder);
        build.end();
    }

    @Test
    void thatMayNotRevokeAnyMoreThoughTheGlobalOneMay() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "cut", qwiet.organization().serviceAccount("tokens:create", "tokens:list"));
        Held build = held(folder.createProject(WorkflowJob.class, newName()), "cut");

        QwietConfiguration.get().setCredentialsId(QwietAccount.ID);
        build.end();
    }

    @Test
    void thatIsReplacedMeanwhile() throws Exception {
        Held build = held(jenkins.createProject(WorkflowJob.class, newName()), QwietAccount.ID);

        String rotated = qwiet.organization().serviceAccount();
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, rotated);
        build.end();
    }

    @Test
    void thatJenkinsItselfNeverSees() throws Exception {
        HiddenFromJenkins.token = qwiet.organization().serviceAccount();
        HiddenFromJenkins.answers.set(1);

        Held build = held(jenkins.createProject(WorkflowJob.class, newName()), "hidden");

        jenkins.assertLogContains("Qwiet: Jenkins itself cannot see the service account \"hidden\"", build.run());
        assertThat(isFoundWithoutMemory(build.lease())).isFalse();
        assertThat(new QwietConnections().whyNone(build.lease())).contains("\"hidden\" is not visible");
        build.end();
    }

    @Test
    void thatJenkinsItselfNeverSeesIsRefusedIfTheSettingsSaySo() throws Exception {
        QwietConfiguration.get().setOnlyFindableAccounts(true);
        HiddenFromJenkins.token = qwiet.organization().serviceAccount();
        HiddenFromJenkins.answers.set(1);

        var run = build(Result.FAILURE, "withQwietCiToken(credentialsId: 'hidden') { echo 'never' }");

        jenkins.assertLogContains("the global settings refuse that", run);
        jenkins.assertLogNotContains("never", run);
        assertThat(qwiet.organization().minted()).isZero();

        jenkins.assertLogContains("in", build(Result.SUCCESS, "withQwietCiToken(credentialsId: 'sa') { echo 'in' }"));
    }

    /** Gives a credential to the first who asks, as one that hands out each secret once. */
    @TestExtension
    public static class HiddenFromJenkins extends CredentialsProvider {
        static final AtomicInteger answers = new AtomicInteger();
        static volatile String token;

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type, ItemGroup group, Authentication authentication, List<DomainRequirement> domains) {
            return type.isAssignableFrom(QwietServiceAccount.class) && answers.getAndDecrement() > 0
                    ? List.of(type.cast(
                            new QwietServiceAccount(CredentialsScope.GLOBAL, "hidden", "", Secret.fromString(token))))
                    : List.of();
        }
    }
}
