package io.jenkins.plugins.qwiet.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import jenkins.security.FIPS140;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** In a Jenkins that keeps to FIPS 140 the plugin works as elsewhere: it has no cryptography of its own. */
class FipsModeTest {
    @RegisterExtension
    private final RealJenkinsExtension jenkins = JenkinsProcess.extension("-Djenkins.security.FIPS140.COMPLIANCE=true");

    @Test
    void mintsAndRevokes() throws Throwable {
        try (var qwiet = FakeQwiet.start()) {
            var organization = qwiet.organization();
            jenkins.startJenkins();

            jenkins.runRemotely(FipsModeTest::build, qwiet.address(), organization.id(), organization.serviceAccount());

            assertThat(organization.minted()).isEqualTo(1);
            assertThat(organization.liveTokens()).isEmpty();
        }
    }

    private static void build(JenkinsRule rule, String address, String orgId, String serviceAccount) throws Throwable {
        assertThat(FIPS140.useCompliantAlgorithms()).isTrue();
        QwietAccount.set(address, orgId, serviceAccount);
        WorkflowJob job = rule.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(
                "withQwietCiToken(label: 'x') { echo \"has ${env.SHIFTLEFT_ACCESS_TOKEN}\" }", true));
        rule.assertLogContains("has ****", rule.buildAndAssertSuccess(job));
    }
}
