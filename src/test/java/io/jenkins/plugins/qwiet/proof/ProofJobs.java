package io.jenkins.plugins.qwiet.proof;

import hudson.Functions;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.tasks.BatchFile;
import hudson.tasks.Shell;
import io.jenkins.plugins.qwiet.bind.QwietTokenBuilder;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;

/** The work of the Jenkins that {@link KillProof} kills. Each method runs in that process. */
final class ProofJobs {
    private static final int BUILDS_AT_ONCE = 3;
    private static final int EXECUTORS = 4;

    private static final String USE = """
            @NonCPS
            void use(String token) {
                def call = new URL('ADDRESS/orgs/ORGANIZATION/my_scopes').openConnection()
                call.setRequestProperty('Authorization', 'Bearer ' + token)
                if (call.responseCode != 200) {
                    throw new IllegalStateException('The token is no good: ' + call.responseCode)
                }
            }
            void work(String token) {
                use(token)
                sleep time: 200 + new Random().nextInt(1500), unit: 'MILLISECONDS'
                use(token)
            }
            """;

    private static final Map<String, String> PIPELINES = Map.of(
            "block", "withQwietCiToken(label: 'block') { work(env.SHIFTLEFT_ACCESS_TOKEN) }",
            "rest", "qwietCiToken(label: 'rest')\nwork(env.SHIFTLEFT_ACCESS_TOKEN)",
            "parallel", """
                    parallel a: {
                        withQwietCiToken(label: 'a', variable: 'A') { work(env.A) }
                        withQwietCiToken(label: 'a again', variable: 'A') { work(env.A) }
                    }, b: {
                        withQwietCiToken(label: 'b', variable: 'B') { work(env.B) }
                    }
                    """);

    private ProofJobs() {}

    static void create(JenkinsRule r, String address, String orgId, String token) throws Exception {
        QwietAccount.set(address, orgId, token);
        r.jenkins.setNumExecutors(EXECUTORS);
        String use = USE.replace("ADDRESS", address).replace("ORGANIZATION", orgId);
        for (var pipeline : PIPELINES.entrySet()) {
            r.createProject(WorkflowJob.class, pipeline.getKey())
                    .setDefinition(new CpsFlowDefinition(use + pipeline.getValue(), false));
        }
        FreeStyleProject freestyle = r.createFreeStyleProject("freestyle");
        freestyle.setConcurrentBuild(true);
        freestyle.getBuildersList().add(new QwietTokenBuilder("freestyle"));
        freestyle
                .getBuildersList()
                .add(Functions.isWindows() ? new BatchFile("ping -n 2 127.0.0.1 > nul") : new Shell("sleep 1"));
    }

    /** Until the process ends. */
    static void keepBuilding(JenkinsRule r) {
        var builder = new Thread(ProofJobs::buildOnAndOn, "keeps building");
        builder.setDaemon(true);
        builder.start();
    }

    private static void buildOnAndOn() {
        try {
            while (true) {
                for (Job<?, ?> job : Jenkins.get().getAllItems(Job.class)) {
                    if (going(job, 20).count() < BUILDS_AT_ONCE) {
                        ParameterizedJobMixIn.scheduleBuild2(job, 0);
                    }
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many builds there are to come to an end. */
    static int inProgress(JenkinsRule r) {
        return Queue.getInstance().getItems().length
                + (int) Jenkins.get().getAllItems(Job.class).stream()
                        .flatMap(job -> going(job, Integer.MAX_VALUE))
                        .count();
    }

    /**
     * Ends, as an administrator would, what will never end. Pipeline's own {@code parallel} waits for ever if it was
     * killed between the end of its last branch and its own: {@code ParallelStepExecution} has no {@code onResume}. What
     * hangs in any other way is left alone, so that its tokens tell of it.
     */
    static int endHanging(JenkinsRule r) throws Exception {
        int ended = 0;
        for (WorkflowJob job : Jenkins.get().getAllItems(WorkflowJob.class)) {
            for (Run<?, ?> run : going(job, Integer.MAX_VALUE).toList()) {
                if (waitsForParallelAlone((WorkflowRun) run)) {
                    ((WorkflowRun) run).doKill();
                    ended++;
                }
            }
        }
        return ended;
    }

    private static boolean waitsForParallelAlone(WorkflowRun run) throws Exception {
        FlowExecution execution = run.getExecution();
        return execution != null
                && execution.getCurrentExecutions(false).get().stream()
                        .map(step -> step.getClass().getSimpleName())
                        .toList()
                        .equals(List.of("ParallelStepExecution"));
    }

    private static Stream<Run<?, ?>> going(Job<?, ?> job, int ofTheLast) {
        // Not isBuilding: a Pipeline build that was killed before it began says so until the next start.
        return StreamSupport.stream(job.getBuilds().limit(ofTheLast).spliterator(), false)
                .<Run<?, ?>>map(run -> run)
                .filter(Run::isInProgress);
    }

    static void sweep(JenkinsRule r) throws Exception {
        JenkinsLeases.get().janitor().sweep().get();
    }

    static int leases(JenkinsRule r) throws Exception {
        return JenkinsLeases.get().leasing().store().leases().size();
    }

    /** Intents that were looked for and have no token; they stay a while, in case that a call is still on its way. */
    static int settling(JenkinsRule r) throws Exception {
        return (int) JenkinsLeases.get().leasing().store().leases().stream()
                .filter(lease -> lease.state() == Lease.State.INTENT
                        && lease.releasedAt() != null
                        && lease.failingSince() == null)
                .count();
    }

    static long builds(JenkinsRule r) {
        return Jenkins.get().getAllItems(Job.class).stream()
                .mapToLong(job -> job.getNextBuildNumber() - 1L)
                .sum();
    }
}
