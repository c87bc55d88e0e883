package io.jenkins.plugins.qwiet.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.tasks.LogRotator;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietAccessTokenBinding;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** The work of the Jenkins of {@link SoakBench}: builds of all forms, one after the other. Runs in that process. */
final class SoakJobs {
    private static final int AGENTS = 4;
    private static final int EXECUTORS = 3;
    private static final int BUILDS_AT_ONCE = 2;
    private static final int KEPT_BUILDS = 10;

    private static final Map<String, String> PIPELINES = Map.of(
            "block", "node('agent') { withQwietCiToken(label: 'block') { sh ': $SHIFTLEFT_ACCESS_TOKEN' } }",
            "rest", "qwietCiToken(label: 'rest')\nnode('agent') { sh ': $SHIFTLEFT_ACCESS_TOKEN' }\nqwietTokenAudit()",
            "binding",
                    "node('agent') { withCredentials([qwietAccessToken(credentialsId: 'sa', label: 'binding')]) { sh ': $SHIFTLEFT_ACCESS_TOKEN' } }",
            "declarative", """
                    pipeline {
                      agent { label 'agent' }
                      options { withQwietCiToken(label: 'declarative') }
                      stages { stage('scan') { steps { sh ': $SHIFTLEFT_ACCESS_TOKEN' } } }
                      post { always { qwietTokenAudit() } }
                    }
                    """,
            "branches", """
                    parallel a: { withQwietCiToken(label: 'a') { node('agent') { sh ': $SHIFTLEFT_ACCESS_TOKEN' } } },
                             b: { withQwietCiToken(label: 'b') { node('agent') { sh ': $SHIFTLEFT_ACCESS_TOKEN' } } }
                    """,
            // Outlives two of its tokens.
            "long", "withQwietCiToken(label: 'long', validFor: 60) { sleep 90 }");

    /**
     * What may grow, at a moment when no build runs.
     *
     * @param megabytes on the heap after full collections
     * @param threads that there are
     * @param openFiles and connections, of this process
     * @param leases that are open
     * @param files in the home
     * @param builds since the beginning
     */
    record Measured(double megabytes, double threads, double openFiles, double leases, double files, double builds)
            implements Serializable {}

    private static volatile boolean goesOn;

    private SoakJobs() {}

    static void create(JenkinsRule r, String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
        r.jenkins.setNumExecutors(EXECUTORS);
        for (int i = 0; i < AGENTS; i++) {
            r.createOnlineSlave(hudson.model.Label.get("agent")).setNumExecutors(EXECUTORS);
        }
        for (var pipeline : PIPELINES.entrySet()) {
            WorkflowJob job = r.createProject(WorkflowJob.class, pipeline.getKey());
            job.setDefinition(new CpsFlowDefinition(pipeline.getValue(), true));
            job.setBuildDiscarder(new LogRotator(-1, KEPT_BUILDS));
        }
        FreeStyleProject step = freestyle(r, "step");
        step.getBuildersList().add(new QwietTokenBuilder("step"));
        step.getBuildersList().add(new Shell(": $SHIFTLEFT_ACCESS_TOKEN"));
        FreeStyleProject wrapped = freestyle(r, "wrapped");
        wrapped.getBuildWrappersList()
                .add(new SecretBuildWrapper(List.of(new QwietAccessTokenBinding(QwietAccount.ID))));
        wrapped.getBuildersList().add(new Shell(": $SHIFTLEFT_ACCESS_TOKEN"));
        var builder = new Thread(SoakJobs::buildOnAndOn, "keeps building");
        builder.setDaemon(true);
        builder.start();
    }

    private static FreeStyleProject freestyle(JenkinsRule r, String name) throws IOException {
        FreeStyleProject job = r.createFreeStyleProject(name);
        job.setConcurrentBuild(true);
        job.setAssignedLabel(hudson.model.Label.get("agent"));
        job.setBuildDiscarder(new LogRotator(-1, KEPT_BUILDS));
        return job;
    }

    private static void buildOnAndOn() {
        try {
            while (true) {
                for (Job<?, ?> job : goesOn ? Jenkins.get().getAllItems(Job.class) : List.<Job<?, ?>>of()) {
                    if (going(job).count() < BUILDS_AT_ONCE) {
                        ParameterizedJobMixIn.scheduleBuild2(job, 0);
                    }
                }
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Stream<Run<?, ?>> going(Job<?, ?> job) {
        return StreamSupport.stream(job.getBuilds().limit(20).spliterator(), false)
                .<Run<?, ?>>map(run -> run)
                .filter(Run::isInProgress);
    }

    static void goOn(JenkinsRule r) {
        goesOn = true;
    }

    /** Lets all builds come to their ends, and the cleanup to its if that takes no longer than so many minutes; then measures. */
    static Measured measure(JenkinsRule r, int patienceMinutes) throws Exception {
        goesOn = false;
        long giveUpAt = System.nanoTime() + TimeUnit.MINUTES.toNanos(patienceMinutes);
        while (isSomethingGoingOn() && System.nanoTime() < giveUpAt) {
            JenkinsLeases.get().janitor().sweepAll().get();
            Thread.sleep(2000);
        }
        // Threads that idle, and connections.
        Thread.sleep(TimeUnit.SECONDS.toMillis(70));
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(500);
        }
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Stream<Path> files = Files.walk(Jenkins.get().getRootDir().toPath())) {
            return new Measured(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0,
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    system.getOpenFileDescriptorCount(),
                    JenkinsLeases.get().leasing().store().leases().size(),
                    files.count(),
                    Jenkins.get().getAllItems(Job.class).stream()
                            .mapToLong(job -> job.getNextBuildNumber() - 1L)
                            .sum());
        }
    }

    private static boolean isSomethingGoingOn() throws Exception {
        return Queue.getInstance().getItems().length > 0
                || Jenkins.get().getAllItems(Job.class).stream()
                                .flatMap(SoakJobs::going)
                                .count()
                        > 0
                || !JenkinsLeases.get().leasing().store().leases().isEmpty();
    }
}
