package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Items;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Hold;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.io.File;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.TestBuilder;

/** What happens to open tokens when their jobs, builds and credentials are moved and deleted. */
class LeasesOfJobsTest extends WithQwiet {
    private static final String BLOCK = "withQwietCiToken(label: 'scan') { semaphore '%s' }";
    private static final String REST = "qwietCiToken(label: 'scan')\nsemaphore '%s'";

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final String pause = newName();
    private LeaseStore store;

    @BeforeEach
    void openStore() throws Exception {
        store = JenkinsLeases.get().leasing().store();
    }

    @AfterEach
    void goOn() {
        goOn.countDown();
    }

    private WorkflowRun running(WorkflowJob job, String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(String.format(script, pause), true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        return run;
    }

    private static void sweep() throws Exception {
        JenkinsLeases.get().janitor().sweepAll().get();
    }

    private void nothingIsLeft() {
        await().untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        await().untilAsserted(() -> assertThat(store.leases()).isEmpty());
    }

    /** A freestyle build that has a token, and goes on when {@link #goOn} is counted down. */
    private FreeStyleBuild running(FreeStyleProject job) throws Exception {
        var started = new CountDownLatch(1);
        job.getBuildersList().add(new QwietTokenBuilder("scan"));
        job.getBuildersList().add(new TestBuilder() {
            @Override
            public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                    throws InterruptedException {
                started.countDown();
                return goOn.await(1, TimeUnit.MINUTES);
            }
        });
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        started.await();
        return build;
    }

    private void goOnToTheEnd(Run<?, ?> run) throws Exception {
        sweep();
        assertThat(qwiet.organization().liveTokens()).as("in use").hasSize(1);
        goOn.countDown();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Qwiet: revoked CI token \"scan\"", run);
        nothingIsLeft();
    }

    @Test
    void aRunningBuildKeepsItsTokenWhenItsJobIsRenamed() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("old");
        var run = running(job);

        job.renameTo("new");

        assertThat(store.leases()).extracting(Lease::buildId).containsExactly("new#1");
        goOnToTheEnd(run);
    }

    @Test
    void aRunningBuildKeepsItsTokenWhenItsJobIsMovedAndAFolderAboveRenamed() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "mall");
        FreeStyleProject job = jenkins.createFreeStyleProject("shop");
        var run = running(job);

        Items.move(job, folder);
        assertThat(store.leases()).extracting(Lease::buildId).containsExactly("mall/shop#1");
        folder.renameTo("plaza");
        assertThat(store.leases()).extracting(Lease::buildId).containsExactly("plaza/shop#1");

        goOnToTheEnd(run);
    }

    @Test
    void aBuildIsFoundEvenIfItsLeaseDoesNotKnowTheNewName() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("old");
        var run = running(job);
        Lease lease = store.leases().get(0);

        job.renameTo("new");
        store.put(lease);

        goOnToTheEnd(run);
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCK, REST})
    void aRunningPipelineKeepsItsTokenWhenItsJobIsRenamed(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "old");
        WorkflowRun run = running(job, script);

        job.renameTo("new");
        sweep();
        assertThat(qwiet.organization().liveTokens()).as("in use").hasSize(1);

        run.doKill();
        jenkins.waitForCompletion(run);
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCK, REST})
    void deletingAJobStopsItsBuildsAndRevokes(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "shop");
        running(job, script);

        job.delete();

        nothingIsLeft();
    }

    @Test
    void deletingAJobRevokesWhatItsFinishedBuildsLeft() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("shop");
        job.getBuildersList().add(new QwietTokenBuilder("scan"));
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
        jenkins.buildAndAssertSuccess(job);
        assertThat(store.leases()).hasSize(1);
        qwiet.clearFaults();

        job.delete();

        nothingIsLeft();
    }

    @Test
    void deletingAFolderRevokesWithItsOwnCredential() throws Exception {
        QwietConfiguration.get().setCredentialsId(null);
        Folder folder = jenkins.createProject(Folder.class, "mall");
        QwietAccount.add(folder, "inside", qwiet.organization().serviceAccount());
        WorkflowJob job = folder.createProject(WorkflowJob.class, "shop");
        running(job, "qwietCiToken(label: 'scan', credentialsId: 'inside')\nsemaphore '%s'");

        folder.delete();

        nothingIsLeft();
    }

    @Test
    void deletingABuildRevokesFirstAndDoesNotBringItBack() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("shop");
        job.getBuildersList().add(new QwietTokenBuilder("scan"));
        Hold hold = qwiet.hold(Operation.DELETE);
        var run = jenkins.buildAndAssertSuccess(job);
        File directory = run.getRootDir();
        assertThat(qwiet.organization().liveTokens()).hasSize(1);

        run.delete();
        hold.release();

        nothingIsLeft();
        assertThat(directory).doesNotExist();
        assertThat(job.getBuilds()).isEmpty();
    }

    @Test
    void theEndOfABuildDoesNotWaitForQwiet() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("shop");
        job.getBuildersList().add(new QwietTokenBuilder("scan"));
        Hold hold = qwiet.hold(Operation.DELETE);

        var run = jenkins.buildAndAssertSuccess(job);

        assertThat(run.isLogUpdated()).isFalse();
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        jenkins.assertLogContains("CI tokens of this build are still being revoked", run);
        hold.release();
        nothingIsLeft();
    }

    @Test
    void aBuildLearnsThatTheJanitorRevokedItsToken() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject("shop");
        job.getBuildersList().add(new QwietTokenBuilder("scan"));
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
        var run = jenkins.buildAndAssertSuccess(job);
        assertThat(run.getAction(BuildTokens.class).getTokens())
                .singleElement()
                .satisfies(token -> assertThat(token.problem()).contains("for now"));
        qwiet.clearFaults();

        sweep();

        await().untilAsserted(() -> assertThat(run.getAction(BuildTokens.class).getTokens())
                .singleElement()
                .satisfies(token -> {
                    assertThat(token.revokedAt()).isNotNull();
                    assertThat(token.problem()).isNull();
                }));
    }

    @Test
    void withoutItsCredentialATokenIsRevokedWithTheGlobalOneOfTheSameOrganization() throws Exception {
        Folder folder = jenkins.createProject(Folder.class, "mall");
        QwietAccount.add(folder, "inside", qwiet.organization().serviceAccount());
        WorkflowRun run = running(
                folder.createProject(WorkflowJob.class, "shop"),
                "qwietCiToken(label: 'scan', credentialsId: 'inside')\nsemaphore '%s'");

        QwietAccount.removeAll(folder);
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        nothingIsLeft();
    }

    /** What minted it is kept in memory until the token is gone. */
    @Test
    void withoutAnyCredentialATokenIsRevokedWithWhatMintedIt() throws Exception {
        WorkflowRun run = running(jenkins.createProject(WorkflowJob.class, "shop"), REST);

        QwietAccount.removeAll(jenkins.jenkins);
        SemaphoreStep.success(pause + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        jenkins.assertLogContains("Qwiet: revoked CI token \"scan\"", run);
        nothingIsLeft();
    }

    @Test
    void aServiceAccountOfAnotherOrganizationIsNotUsed() throws Exception {
        var other = qwiet.addOrganization();
        WorkflowRun run = running(jenkins.createProject(WorkflowJob.class, "shop"), REST);

        QwietAccount.removeAll(jenkins.jenkins);
        QwietAccount.add(jenkins.jenkins, "other", other.serviceAccount());
        QwietConfiguration.get().setCredentialsId("other");
        QwietConfiguration.get().setOrgId(other.id());
        SemaphoreStep.success(pause + "/1", null);
        jenkins.waitForCompletion(run);
        sweep();

        nothingIsLeft();
        assertThat(qwiet.requests()).noneMatch(request -> request.path().contains(other.id()));
    }
}
