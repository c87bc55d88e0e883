package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OwnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.springframework.security.core.Authentication;

/** To somebody who sees no job, every build seems to be over; the janitor must not be such a somebody. */
@OwnJenkins
class JanitorInSecuredJenkinsTest {
    private static final Authentication NOBODY = Jenkins.ANONYMOUS2;

    @Test
    void sparesWhatRunsAndEndsTheRestWhoeverLetsItSweep(JenkinsRule jenkins) throws Exception {
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        try (var qwiet = FakeQwiet.start()) {
            QwietAccount.set(qwiet);
            QwietConfiguration.get().setCredentialsId(null);
            Folder folder = jenkins.createProject(Folder.class, "folder");
            QwietAccount.add(folder, "inside", qwiet.organization().serviceAccount());
            var job = folder.createProject(WorkflowJob.class, "job");
            job.setDefinition(new CpsFlowDefinition(
                    "withQwietCiToken(label: 'x', credentialsId: 'inside') { semaphore 'janitor' }", true));
            var run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("janitor/1", run);

            sweepAsNobody();

            assertThat(qwiet.organization().liveTokens()).hasSize(1);

            qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "broken"));
            SemaphoreStep.success("janitor/1", null);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("is not revoked yet", run);
            assertThat(qwiet.organization().liveTokens()).hasSize(1);
            qwiet.clearFaults();

            await().untilAsserted(() -> {
                sweepAsNobody();
                assertThat(qwiet.organization().liveTokens()).isEmpty();
            });
            assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
        }
    }

    private static void sweepAsNobody() throws Exception {
        try (ACLContext ignored = ACL.as2(NOBODY)) {
            JenkinsLeases.get().janitor().sweepAll().get();
        }
    }
}
