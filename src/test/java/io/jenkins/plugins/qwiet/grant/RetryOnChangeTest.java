package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.ProxyConfiguration;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Items;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.TopLevelItem;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What was forbidden, or found no account, is tried again at once when somebody may have mended it. */
class RetryOnChangeTest extends WithQwiet {
    @TempDir
    Path temp;

    private static void use(WorkflowJob job, String account) throws Exception {
        job.setDefinition(new CpsFlowDefinition(
                "withQwietCiToken(label: 'scan', credentialsId: '" + account + "') { echo 'scans' }", true));
    }

    private String mayNotRevoke() throws Exception {
        return qwiet.organization().serviceAccount("tokens:create", "tokens:list");
    }

    private static void isForbidden(WorkflowRun run) throws Exception {
        jenkins.assertLogContains("with the API scope tokens:delete", run);
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
        assertThat(JenkinsLeases.get().leasing().store().leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.state()).isEqualTo(Lease.State.UNREVOCABLE));
    }

    private void goesAtOnce() {
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        await().untilAsserted(() ->
                assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
    }

    @Test
    void whenTheGlobalAccountIsReplaced() throws Exception {
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, mayNotRevoke());
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        use(job, QwietAccount.ID);
        isForbidden(jenkins.buildAndAssertSuccess(job));

        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, qwiet.organization().serviceAccount());

        goesAtOnce();
    }

    @Test
    void whenConfigurationAsCodeReplacesTheGlobalAccount() throws Exception {
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, mayNotRevoke());
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        use(job, QwietAccount.ID);
        isForbidden(jenkins.buildAndAssertSuccess(job));
        Path yaml = Files.writeString(
                temp.resolve("jenkins.yaml"), """
                    credentials:
                      system:
                        domainCredentials:
                          - credentials:
                              - qwietServiceAccount:
                                  scope: GLOBAL
                                  id: "sa"
                                  token: "%s"
                    """.formatted(qwiet.organization().serviceAccount()));

        ConfigurationAsCode.get().configure(yaml.toUri().toString());

        goesAtOnce();
    }

    @Test
    void whenAUserReplacesAnAccountOfTheirOwn() throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER, CredentialsProvider.USE_OWN)
                .everywhere()
                .to("alice"));
        QwietConfiguration.get().setCredentialsId(null);
        User alice = User.getById("alice", true);
        try (ACLContext ignored = ACL.as(alice)) {
            QwietAccount.add(alice, "own", mayNotRevoke());
        }
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        use(job, "${CRED}");
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("CRED", "", "", QwietServiceAccount.class.getName(), true)));
        isForbidden(jenkins.assertBuildStatusSuccess(job.scheduleBuild2(
                0,
                new CauseAction(new Cause.UserIdCause("alice")),
                new ParametersAction(new CredentialsParameterValue("CRED", "own", "")))));

        try (ACLContext ignored = ACL.as(alice)) {
            QwietAccount.add(alice, "own", qwiet.organization().serviceAccount());
        }

        goesAtOnce();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenTheAccountOfAFolderIsReplaced(boolean thatTheJobHasLeft) throws Exception {
        QwietConfiguration.get().setCredentialsId(null);
        Folder folder = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(folder, "in-folder", mayNotRevoke());
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        use(job, "in-folder");
        isForbidden(jenkins.buildAndAssertSuccess(job));
        if (thatTheJobHasLeft) {
            Items.move(job, jenkins.createProject(Folder.class, newName()));
        }

        QwietAccount.add(folder, "in-folder", qwiet.organization().serviceAccount());

        goesAtOnce();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenTheProxyIsAnother(boolean none) throws Exception {
        qwiet.faultAlways(
                Fault.status(Operation.DELETE, 403, "FORBIDDEN", "The access token lacks the scope tokens:delete"));
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        use(job, QwietAccount.ID);
        isForbidden(jenkins.buildAndAssertSuccess(job));
        qwiet.clearFaults();

        if (none) {
            // As the form does when the proxy's name is emptied: then the file is deleted, and Jenkins is saved.
            jenkins.jenkins.save();
        } else {
            new ProxyConfiguration("", 0).save();
            ProxyConfiguration.getXmlFile().delete();
        }

        goesAtOnce();
    }

    /** The account is gone, and what is kept of it in memory has not the scope. */
    private Folder isForbiddenInAFolderThatIsGone(WorkflowJob job, Folder folder) throws Exception {
        QwietConfiguration.get().setCredentialsId(null);
        QwietAccount.add(folder, "in-folder", mayNotRevoke());
        use(job, "in-folder");
        isForbidden(jenkins.buildAndAssertSuccess(job));
        return folder;
    }

    @Test
    void whenTheJobComesToAFolderThatHasTheAccount() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, newName());
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        isForbiddenInAFolderThatIsGone(job, folder);
        QwietAccount.removeAll(folder);
        Folder other = jenkins.createProject(Folder.class, newName());
        QwietAccount.add(other, "in-folder", qwiet.organization().serviceAccount());
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        Items.move(job, other);

        goesAtOnce();
    }

    @Test
    void whenAFolderIsMadeAnewWithTheAccountInIt() throws Exception {
        String name = newName();
        Folder folder = jenkins.createProject(Folder.class, name);
        WorkflowJob job = folder.createProject(WorkflowJob.class, newName());
        isForbiddenInAFolderThatIsGone(job, folder);
        QwietAccount.add(folder, "in-folder", qwiet.organization().serviceAccount());
        goesAtOnce();
        String xml = folder.getConfigFile().asString();
        QwietAccount.add(folder, "in-folder", mayNotRevoke());
        isForbidden(jenkins.buildAndAssertSuccess(job));
        Items.move(job, (Folder) jenkins.createProject(Folder.class, newName()));
        folder.delete();

        TopLevelItem again = jenkins.jenkins.createProjectFromXML(
                name, new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));

        assertThat(again).isInstanceOf(Folder.class);
        goesAtOnce();
    }
}
