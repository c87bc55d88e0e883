package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** Qwiet answers while a long step runs behind a block, and the log says that the token is revoked; then Jenkins is killed. */
class KilledBehindBlockTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    @TempDir
    Path killed;

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'scan') { echo 'within' }",
                "withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'scan')]) { echo 'within' }"
            })
    void whatWasSaidOfItStaysTrue(String block) throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            var hold = qwiet.hold(Operation.DELETE);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(
                    new CpsFlowDefinition(block + "\nsemaphore 'long'\nqwietTokenAudit(revoke: false)", true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("long/1", run);
            hold.awaitArrived(Duration.ofSeconds(30));
            hold.release();
            jenkins.waitForMessage("Qwiet: revoked CI token", run);
            // No step begins meanwhile.
            await().untilAsserted(() -> assertThat(
                            Files.readString(run.getRootDir().toPath().resolve("build.xml")))
                    .contains(" revokedAt=\""));
            FileUtils.copyDirectory(session.getHome(), killed.toFile());
            SemaphoreStep.success("long/1", null);
            jenkins.waitForCompletion(run);
        });
        FileUtils.cleanDirectory(session.getHome());
        FileUtils.copyDirectory(killed.toFile(), session.getHome());
        session.then(jenkins -> {
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
            SemaphoreStep.success("long/1", null);
            // Before it is resumed it does not look as if it were building.
            jenkins.waitForMessage("Finished: ", run);

            assertThat(BuildTokens.of(run).orElseThrow().getTokens())
                    .singleElement()
                    .satisfies(token -> assertThat(token.revokedAt()).isNotNull());
            assertThat(JenkinsRule.getLog(run))
                    .containsOnlyOnce("Qwiet: revoked CI token \"scan\"")
                    .containsPattern("scan +\\S+ +revoked 20");
            assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
        });
    }
}
