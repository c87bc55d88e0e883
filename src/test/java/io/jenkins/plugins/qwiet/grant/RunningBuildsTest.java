package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.StreamBuildListener;
import io.jenkins.plugins.qwiet.harness.WithQwiet;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;

class RunningBuildsTest extends WithQwiet {
    @Test
    void aPipelineWhoseLogIsLeftOpenIsOver() throws Exception {
        String name = newName();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, name);
        job.setDefinition(
                new CpsFlowDefinition("withQwietCiToken(label: 'scan') { semaphore '%s' }".formatted(name), true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart(name + "/1", run);
        var lease = new AtomicReference<Lease>();
        JenkinsLeases.get().leasing().store().ofBuild(run.getExternalizableId()).forEach(lease::set);
        var builds = new JanitorBuilds(JenkinsLeases.get());
        assertThat(builds.mayStillUse(lease.get())).isTrue();

        SemaphoreStep.success(name + "/1", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        await().until(() -> !run.isLogUpdated());
        leaveLogOpen(run);
        assertThat(run.isLogUpdated()).as("what this is about").isTrue();

        assertThat(builds.mayStillUse(lease.get())).isFalse();
    }

    /** As Jenkins does sometimes to one that it cannot resume after a restart: it has its result, and no end. */
    private static void leaveLogOpen(WorkflowRun run) throws ReflectiveOperationException {
        Field listener = WorkflowRun.class.getDeclaredField("listener");
        listener.setAccessible(true);
        listener.set(run, new StreamBuildListener(OutputStream.nullOutputStream(), StandardCharsets.UTF_8));
    }
}
