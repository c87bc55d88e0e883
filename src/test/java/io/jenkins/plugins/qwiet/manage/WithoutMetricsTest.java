package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.util.logging.Level;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Without the plugin Metrics nothing of it is looked for, and all works as with it. */
class WithoutMetricsTest {
    // The other one needs it.
    @RegisterExtension
    private final RealJenkinsExtension jenkins = JenkinsProcess.extension().omitPlugins("metrics", "support-core");

    @Test
    void mintsAndRevokes() throws Throwable {
        try (var qwiet = FakeQwiet.start()) {
            var organization = qwiet.organization();
            jenkins.startJenkins();

            jenkins.runRemotely(
                    WithoutMetricsTest::build, qwiet.address(), organization.id(), organization.serviceAccount());

            assertThat(organization.minted()).isEqualTo(1);
            assertThat(organization.liveTokens()).isEmpty();
        }
    }

    private static void build(JenkinsRule rule, String address, String orgId, String serviceAccount) throws Throwable {
        assertThat(rule.getPluginManager().getPlugin("metrics")).isNull();
        assertThat(rule.getPluginManager().getPlugin("qwiet-ci-token").isActive())
                .isTrue();
        QwietAccount.set(address, orgId, serviceAccount);
        WorkflowJob job = rule.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'x') { }", true));
        rule.buildAndAssertSuccess(job);

        assertThat(Jenkins.logRecords)
                .as("the log")
                .noneMatch(record -> record.getLevel().intValue() >= Level.INFO.intValue()
                        && (String.valueOf(record.getMessage()) + record.getThrown())
                                .matches("(?is).*(codahale|metric|NoClassDefFound|qwiet\\.manage).*"));
    }
}
