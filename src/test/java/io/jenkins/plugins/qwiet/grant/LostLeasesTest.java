package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.JenkinsProcess;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.File;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The folder of leases is restored from a backup that is older than the builds, or is taken away, while Jenkins is down. */
class LostLeasesTest {
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

    /** Each sign of whose the leases are is kept, as in a backup; without them nobody could tell a copy from the original. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenThatOnlyItsBuildKnowsIsNotForgotten(boolean restored) throws Throwable {
        process.startJenkins();
        process.runRemotely(
                LostLeasesTest::set,
                qwiet.address(),
                qwiet.organization().id(),
                qwiet.organization().serviceAccount());
        process.runRemotely(LostLeasesTest::hold);
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        process.stopJenkinsForcibly();
        File folder = new File(process.getHome(), "qwiet-ci-token");
        if (restored) {
            for (File file : Objects.requireNonNull(new File(folder, "leases").listFiles())) {
                if (file.getName().startsWith("journal-")) {
                    FileUtils.delete(file);
                }
            }
        } else {
            FileUtils.deleteDirectory(folder);
        }

        process.startJenkins();
        process.runRemotely(restored ? LostLeasesTest::isThereAgain : LostLeasesTest::rests);
        assertThat(qwiet.organization().liveTokens()).as("its build goes on").hasSize(1);
        process.runRemotely(LostLeasesTest::end);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).hasSize(restored ? 0 : 1));
    }

    private static void set(JenkinsRule r, String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
    }

    private static void hold(JenkinsRule r) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "held");
        job.setDefinition(new CpsFlowDefinition("withQwietCiToken(label: 'held') { echo 'in it'; sleep 600 }", true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("in it", run);
        run.save();
    }

    private static void isThereAgain(JenkinsRule r) {
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        JenkinsLeases.get().leasing().store().ofBuild("held#1").size() == 1);
        assertThat(running(r).isBuilding()).isTrue();
    }

    private static void rests(JenkinsRule r) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> JenkinsLeases.get().leasing().store().resting().size() == 1);
        assertThat(running(r).isBuilding()).isTrue();
    }

    private static void end(JenkinsRule r) throws Exception {
        WorkflowRun run = running(r);
        await().until(() -> run.getOneOffExecutor() != null);
        run.getOneOffExecutor().interrupt();
        r.waitForCompletion(run);
        JenkinsLeases.get().janitor().sweepAll().get(1, TimeUnit.MINUTES);
    }

    private static WorkflowRun running(JenkinsRule r) {
        return r.jenkins.getItemByFullName("held", WorkflowJob.class).getBuildByNumber(1);
    }
}
