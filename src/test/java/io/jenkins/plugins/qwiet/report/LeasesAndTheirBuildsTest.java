package io.jenkins.plugins.qwiet.report;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which build an audit takes a lease for one of, and whether that runs. */
class LeasesAndTheirBuildsTest extends WithQwiet {
    private WorkflowJob job(String name, String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    /** A job is deleted and made anew while Qwiet revokes nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTokenOfADeletedBuildIsOrphaned(boolean again) throws Exception {
        String name = newName();
        String pause = newName();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
        WorkflowJob former = job(name, "withQwietCiToken(label: 'x') { echo 'in it' }");
        former.scheduleBuild2(0).get();
        former.delete();
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        WorkflowRun run = null;
        if (again) {
            run = job(name, "semaphore '" + pause + "'").scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart(pause + "/1", run);
        }
        WorkflowRun audit = job(newName(), "qwietTokenAudit(leftByBuild: 'FAIL')")
                .scheduleBuild2(0)
                .get();
        if (run != null) {
            SemaphoreStep.success(pause + "/1", null);
            jenkins.waitForCompletion(run);
        }
        assertThat(audit.getLog()).contains("1 orphaned");
        assertThat(audit.getResult()).isEqualTo(Result.FAILURE);
    }

    @Test
    void theNewBuildHasNothingToDoWithIt() throws Exception {
        String name = newName();
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "INTERNAL", "for now"));
        WorkflowJob former = job(name, "withQwietCiToken(label: 'x') { echo 'in it' }");
        former.scheduleBuild2(0).get();
        former.delete();
        assertThat(qwiet.organization().liveTokens()).hasSize(1);
        WorkflowRun audit = job(name, "qwietTokenAudit(ownTokenLive: 'FAIL')")
                .scheduleBuild2(0)
                .get();
        assertThat(audit.getLog()).doesNotContain("STILL ACTIVE").contains("1 orphaned");
        assertThat(audit.getResult()).isEqualTo(Result.SUCCESS);
    }

    /** It was not told to the leases, or is told to them at this moment. */
    @Test
    void theTokenOfARunningBuildIsNotOrphanedThoughItsJobHasAnotherName() throws Exception {
        String name = newName();
        String pause = newName();
        WorkflowRun run = job(name, "withQwietCiToken(label: 'x') { semaphore '" + pause + "' }")
                .scheduleBuild2(0)
                .waitForStart();
        SemaphoreStep.waitForStart(pause + "/1", run);
        var store = JenkinsLeases.get().leasing().store();
        store.move(name, "former-name").join();

        WorkflowRun audit = job(newName(), "qwietTokenAudit(leftByBuild: 'FAIL')")
                .scheduleBuild2(0)
                .get();

        store.move("former-name", name).join();
        SemaphoreStep.success(pause + "/1", null);
        jenkins.waitForCompletion(run);
        assertThat(audit.getLog()).contains(" 0 orphaned");
        assertThat(audit.getResult()).isEqualTo(Result.SUCCESS);
    }
}
