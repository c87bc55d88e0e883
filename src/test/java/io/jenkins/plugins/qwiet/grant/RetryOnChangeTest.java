package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;

/** What was forbidden is tried again at once when somebody may have allowed it. */
class RetryOnChangeTest extends WithQwiet {
    @Test
    void aTokenThatMayNotBeRevokedGoesWhenTheCredentialIsReplaced() throws Exception {
        QwietAccount.removeAll(jenkins.jenkins);
        QwietAccount.add(
                jenkins.jenkins, QwietAccount.ID, qwiet.organization().serviceAccount("tokens:create", "tokens:list"));
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'scan') { echo 'scans' }", true));
        var run = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("needs the scope tokens:delete", run);
        JenkinsLeases.get().janitor().sweep().get();
        assertThat(JenkinsLeases.get().leasing().store().leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.state()).isEqualTo(Lease.State.UNREVOCABLE));

        QwietAccount.removeAll(jenkins.jenkins);
        QwietAccount.add(jenkins.jenkins, QwietAccount.ID, qwiet.organization().serviceAccount());
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        await().untilAsserted(() ->
                assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty());
    }
}
