package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.EnvVars;
import hudson.matrix.AxisList;
import hudson.matrix.MatrixProject;
import hudson.matrix.TextAxis;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestExtension;
import org.springframework.security.core.Authentication;

/** What other jobs, other listeners and jobs that go are to the tokens of a build. */
class OthersWaitForNothingTest extends OnJenkins {
    @Test
    void aSlowSourceOfCredentialsHoldsUpTheJobThatAsksItAlone() throws Exception {
        SlowForSomeJobs.waiting = new CountDownLatch(2);
        SlowForSomeJobs.goOn = new CountDownLatch(1);
        WorkflowJob slow = jenkins.createProject(WorkflowJob.class, "slow");
        slow.setDefinition(new CpsFlowDefinition("withQwietCiToken(credentialsId: 'far away') { }", true));
        var runs = new ArrayList<WorkflowRun>();
        try {
            for (int i = 0; i < 8; i++) {
                runs.add(slow.scheduleBuild2(0).waitForStart());
            }
            assertThat(SlowForSomeJobs.waiting.await(1, TimeUnit.MINUTES)).isTrue();

            WorkflowJob other = job("withQwietCiToken { echo 'in' }");
            var run = other.scheduleBuild2(0).get(1, TimeUnit.MINUTES);

            jenkins.assertBuildStatusSuccess(run);
        } finally {
            SlowForSomeJobs.goOn.countDown();
        }
        for (WorkflowRun run : runs) {
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        }
    }

    @Test
    void otherListenersOfABuildsEndSeeNoTokenAnyMore() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(newName());
        job.getBuildersList().add(new QwietTokenBuilder(null));

        var run = jenkins.buildAndAssertSuccess(job);

        assertThat(AtTheEnd.SEEN.get(run.getExternalizableId())).doesNotContainKey(QwietConfiguration.DEFAULT_VARIABLE);
    }

    @Test
    void whatIsInsideAJobThatIsDeletedEndsWithIt() throws Exception {
        MatrixProject project = jenkins.createProject(MatrixProject.class, newName());
        project.setAxes(new AxisList(new TextAxis("PART", "one")));
        String cell = project.getFullName() + "/PART=one#1";
        var leasing = JenkinsLeases.get().leasing();
        var organization = new Organization(
                ApiAddress.parse(qwiet.address()), qwiet.organization().id());
        var account = Account.ofJenkins(QwietAccount.ID);
        var identity = new Lease.Identity("a", "cell", organization, account, cell, "", Instant.now());
        var client = QwietConnections.get()
                .of(new Lease(identity, End.at(Instant.now()), null, null, null))
                .orElseThrow();
        var order = new MintRequest("cell", "", Duration.ofHours(1), account, cell, "");
        assertThat(leasing.mint(client, order).get()).isInstanceOf(MintResult.Minted.class);

        project.delete();

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(qwiet.organization().liveTokens()).isEmpty());
        Awaitility.await()
                .untilAsserted(() -> assertThat(leasing.store().leases()).isEmpty());
    }

    @TestExtension
    public static class SlowForSomeJobs extends CredentialsProvider {
        static volatile CountDownLatch waiting = new CountDownLatch(0);
        static volatile CountDownLatch goOn = new CountDownLatch(0);

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type, ItemGroup group, Authentication authentication, List<DomainRequirement> domains) {
            return List.of();
        }

        @Override
        public <C extends Credentials> List<C> getCredentialsInItem(
                Class<C> type, Item item, Authentication authentication, List<DomainRequirement> domains) {
            if (item.getName().equals("slow")) {
                waiting.countDown();
                try {
                    goOn.await(2, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return List.of();
        }
    }

    @TestExtension
    public static class AtTheEnd extends RunListener<Run<?, ?>> {
        static final Map<String, EnvVars> SEEN = new ConcurrentHashMap<>();

        @Override
        public void onCompleted(Run<?, ?> run, TaskListener log) {
            try {
                SEEN.put(run.getExternalizableId(), run.getEnvironment(log));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
