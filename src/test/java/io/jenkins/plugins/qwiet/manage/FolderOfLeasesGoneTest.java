package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DisableResumeJobProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Somebody deletes the folder of leases, or restores a backup of it, while Jenkins runs; then Jenkins is killed. */
class FolderOfLeasesGoneTest {
    @RegisterExtension
    final RealJenkinsExtension process = JenkinsProcess.extension();

    @TempDir
    File backups;

    private FakeQwiet qwiet;

    @BeforeEach
    void start() {
        qwiet = FakeQwiet.start();
    }

    @AfterEach
    void close() {
        qwiet.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "deleted", "restored"})
    void whatIsMintedAfterwardsIsRevokedAfterACrash(String what) throws Throwable {
        process.startJenkins();
        process.runRemotely(
                FolderOfLeasesGoneTest::set,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount());
        process.runRemotely(FolderOfLeasesGoneTest::mintOnce);
        File folder = new File(process.getHome(), "qwiet-ci-token");
        File backup = new File(backups, "backup");
        FileUtils.copyDirectory(folder, backup);
        if (!what.equals("nothing")) {
            FileUtils.deleteDirectory(folder);
        }
        if (what.equals("restored")) {
            FileUtils.copyDirectory(backup, folder);
        }

        process.runRemotely(FolderOfLeasesGoneTest::hold, !what.equals("nothing"));
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        process.stopJenkinsForcibly();
        process.startJenkins();
        process.runRemotely(FolderOfLeasesGoneTest::sweep);

        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    private static void set(JenkinsRule r, String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
    }

    private static WorkflowRun start(JenkinsRule r, String name, String script) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, name);
        job.addProperty(new DisableResumeJobProperty());
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job.scheduleBuild2(0).waitForStart();
    }

    private static void mintOnce(JenkinsRule r) throws Exception {
        r.waitForCompletion(start(r, "once", "withQwietCiToken(label: 'once') { echo 'in it' }"));
    }

    private static void hold(JenkinsRule r, boolean disturbed) throws Exception {
        r.waitForMessage("in it", start(r, "held", "withQwietCiToken(label: 'held') { echo 'in it'; sleep 600 }"));
        assertThat(r.jenkins.getExtensionList(RevocationMonitor.class).get(0).getProblems())
                .filteredOn(problem -> problem.contains("deleted, replaced or changed"))
                .hasSize(disturbed ? 1 : 0);
    }

    private static void sweep(JenkinsRule r) {
        WorkflowRun run = r.jenkins.getItemByFullName("held", WorkflowJob.class).getBuildByNumber(1);
        await().atMost(Duration.ofMinutes(1)).until(() -> !run.isBuilding());
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
            return JenkinsLeases.get().leasing().store().leases().isEmpty();
        });
    }
}
