package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job or a folder gets another name while the leases cannot be opened, as when their folder is not mounted yet. */
class RenamedWhileClosedTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private final FakeQwiet qwiet = FakeQwiet.start();

    @AfterEach
    void close() {
        qwiet.close();
    }

    private Path leases() {
        return session.getHome().toPath().resolve("qwiet-ci-token").resolve("leases");
    }

    private void away(boolean really) throws Exception {
        if (really) {
            Files.move(leases(), leases().resolveSibling("away"));
            Files.writeString(leases(), "");
        }
    }

    private void back(boolean really) throws Exception {
        if (really) {
            Files.delete(leases());
            Files.move(leases().resolveSibling("away"), leases());
        }
    }

    private static void sweep() throws Exception {
        for (int i = 0; i < 3; i++) {
            JenkinsLeases.get().janitor().sweepAll().get();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenOfAnAccountInAFolderIsRevoked(boolean away) throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            QwietAccount.removeAll(jenkins.jenkins);
            QwietConfiguration.get().setCredentialsId(null);
            Folder folder = jenkins.createProject(Folder.class, "mall");
            QwietAccount.add(folder, "inside", qwiet.organization().serviceAccount());
            WorkflowJob job = folder.createProject(WorkflowJob.class, "shop");
            job.setDefinition(new CpsFlowDefinition(
                    "withQwietCiToken(label: 'x', credentialsId: 'inside') { echo 'in it' }", true));
            qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
            job.scheduleBuild2(0).get();
            assertThat(qwiet.organization().liveTokens()).hasSize(1);
        });
        away(away);
        session.then(jenkins -> {
            jenkins.jenkins.getItemByFullName("mall", Folder.class).renameTo("market");
            jenkins.createProject(Folder.class, "mall");
            jenkins.jenkins.getItemByFullName("market", Folder.class).renameTo("plaza");
            back(away);
            qwiet.clearFaults();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                sweep();
                assertThat(qwiet.organization().liveTokens())
                        .as(String.valueOf(JenkinsLeases.get().leasing().store().leases()))
                        .isEmpty();
            });
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenInUseIsNotCalledOrphaned(boolean away) throws Throwable {
        session.then(jenkins -> {
            QwietAccount.set(qwiet);
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
            job.setDefinition(
                    new CpsFlowDefinition("withQwietCiToken(label: 'held') { echo 'in it'; sleep 600 }", true));
            WorkflowRun run = job.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("in it", run);
        });
        away(away);
        session.then(jenkins -> {
            WorkflowJob job = jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class);
            WorkflowRun run = job.getBuildByNumber(1);
            await().until(() -> run.getOneOffExecutor() != null);
            job.renameTo("shop-old");
            back(away);
            sweep();
            assertThat(qwiet.organization().liveTokens()).as("in use by " + run).hasSize(1);
            WorkflowJob audit = jenkins.createProject(WorkflowJob.class, "audit");
            audit.setDefinition(new CpsFlowDefinition("qwietTokenAudit(leftByBuild: 'FAIL')", true));
            WorkflowRun audited = audit.scheduleBuild2(0).get();
            assertThat(run.isBuilding()).isTrue();
            run.doKill();
            assertThat(audited.getLog()).contains(" 0 orphaned");
        });
    }
}
