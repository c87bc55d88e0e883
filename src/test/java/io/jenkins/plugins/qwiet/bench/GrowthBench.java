package io.jenkins.plugins.qwiet.bench;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.ItemGroup;
import hudson.model.queue.QueueTaskFuture;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.accounts.QwietServiceAccount;
import io.jenkins.plugins.qwiet.config.QwietConfiguration;
import io.jenkins.plugins.qwiet.harness.QwietAccount;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.springframework.security.core.Authentication;

/** What grows with the tokens of a build, and with builds that begin at once. */
@WithJenkins
class GrowthBench {
    private static final boolean QUICK = Boolean.getBoolean("bench.quick");
    private static final int BLOCKS = QUICK ? 300 : 1000;
    private static final int PART = 100;
    private static final int BUILDS = QUICK ? 40 : 200;
    private static final int ROUNDS = QUICK ? 1 : 3;
    private static final String OURS = "withQwietCiToken(label: 'bench')";
    private static final String PEER = "withCredentials([string(credentialsId: 'text', variable: 'TEXT')])";

    /** What a hundred blocks of a build added, each. */
    private record Part(double millis, double bytesOfBuild, double bytesOfLog, double bytesOfHeap) {}

    private record Parts(Part first, Part last) {}

    /** At one of its pauses. */
    private record Moment(long nanos, long build, long log, long heap) {
        static Moment of(WorkflowRun run) throws Exception {
            long now = System.nanoTime();
            Path directory = run.getRootDir().toPath();
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return new Moment(
                    now,
                    Files.size(directory.resolve("build.xml")),
                    Files.size(directory.resolve("log")),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }

        Part since(Moment before, long begun) {
            return new Part(
                    (nanos - begun) / 1e6 / PART,
                    (double) (build - before.build) / PART,
                    (double) (log - before.log) / PART,
                    (double) (heap - before.heap) / PART);
        }
    }

    @Test
    void row(JenkinsRule jenkins) throws Exception {
        try (var qwiet = QwietProcess.start(0, 0)) {
            QwietAccount.set(qwiet.address(), qwiet.organization(), qwiet.serviceAccount());
            var text =
                    new StringCredentialsImpl(CredentialsScope.GLOBAL, "text", null, Secret.fromString("s3cr3t text"));
            SystemCredentialsProvider.getInstance().getCredentials().add(text);
            // For the compiler.
            blocks(jenkins, OURS);
            blocks(jenkins, PEER);
            var ours = new ArrayList<Parts>();
            var peers = new ArrayList<Parts>();
            for (int i = 0; i < ROUNDS; i++) {
                ours.add(blocks(jenkins, OURS));
                peers.add(blocks(jenkins, PEER));
            }
            lastBesideFirst("withQwietCiToken", ours, true);
            lastBesideFirst("withCredentials", peers, false);
            SlowProvider.token = qwiet.serviceAccount();
            QwietConfiguration.get().setCredentialsId(SlowProvider.ID);
            atOnce(jenkins);
        }
    }

    private static void lastBesideFirst(String step, List<Parts> parts, boolean ours) {
        lastBesideFirst(step + ", time", "ms", parts, Part::millis, ours);
        lastBesideFirst(step + ", build.xml", "bytes", parts, Part::bytesOfBuild, ours);
        lastBesideFirst(step + ", log", "bytes", parts, Part::bytesOfLog, ours);
        lastBesideFirst(step + ", heap", "bytes", parts, Part::bytesOfHeap, false);
    }

    private static void lastBesideFirst(
            String what, String unit, List<Parts> parts, ToDoubleFunction<Part> number, boolean goal) {
        var figure = new Figure(
                "growth: a block of the last hundred of " + BLOCKS + " beside one of the first, " + what,
                unit,
                parts.stream()
                        .mapToDouble(each -> number.applyAsDouble(each.last))
                        .toArray(),
                parts.stream()
                        .mapToDouble(each -> number.applyAsDouble(each.first))
                        .toArray());
        if (goal) {
            figure.timesPeerAtMost(1.25);
        } else {
            figure.print();
        }
    }

    private static Parts blocks(JenkinsRule jenkins, String step) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        String pause = job.getName();
        job.setDefinition(new CpsFlowDefinition(
                "for (int i = 0; i < " + BLOCKS + "; i++) {\n"
                        + "if (i == 0 || i == " + PART + " || i == " + (BLOCKS - PART) + ") { semaphore '" + pause
                        + "' }\n"
                        + step + " {\n}\n}\nsemaphore '" + pause + "'",
                true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        Part first = part(run, pause, 1);
        Part last = part(run, pause, 3);
        SemaphoreStep.success(pause + "/4", null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        return new Parts(first, last);
    }

    /** From the pause of this number to the next. */
    private static Part part(WorkflowRun run, String pause, int number) throws Exception {
        SemaphoreStep.waitForStart(pause + "/" + number, run);
        Moment before = Moment.of(run);
        long begun = System.nanoTime();
        SemaphoreStep.success(pause + "/" + number, null);
        SemaphoreStep.waitForStart(pause + "/" + (number + 1), run);
        Part part = Moment.of(run).since(before, begun);
        if (number == 1) {
            SemaphoreStep.success(pause + "/" + 2, null);
        }
        return part;
    }

    /** A provider that takes a second, beside the same that takes none: a build that waits for no other takes little more. */
    private static void atOnce(JenkinsRule jenkins) throws Exception {
        for (boolean oneJob : new boolean[] {true, false}) {
            var slow = new double[ROUNDS];
            var quick = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                quick[i] = wait(jenkins, oneJob, 0);
                slow[i] = wait(jenkins, oneJob, 1000);
            }
            var more = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                more[i] = slow[i] - quick[i];
            }
            String name = "growth: " + BUILDS + " builds at once of " + (oneJob ? "one job" : "as many jobs")
                    + ", from its start to its token, the slowest one";
            new Figure(name + ", a provider of 1 s beside one of 0 s", "ms", slow, quick).print();
            new Figure(name + ", added by a provider of 1 s", "ms", more, new double[0]).print();
        }
    }

    private static double wait(JenkinsRule jenkins, boolean oneJob, long providerMillis) throws Exception {
        SlowProvider.millis = providerMillis;
        try {
            var jobs = new ArrayList<WorkflowJob>();
            for (int i = 0; i < (oneJob ? 1 : BUILDS); i++) {
                WorkflowJob job = jenkins.createProject(WorkflowJob.class);
                job.setDefinition(new CpsFlowDefinition(
                        "withQwietCiToken(label: 'bench') { echo \"after ${currentBuild.duration} ms\" }", true));
                jobs.add(job);
            }
            var starts = new ArrayList<QueueTaskFuture<WorkflowRun>>();
            for (int i = 0; i < BUILDS; i++) {
                // Each of a cause of its own, or those in the queue become one.
                var cause = new CauseAction(new Cause.RemoteCause("bench", String.valueOf(i)));
                starts.add(jobs.get(i % jobs.size()).scheduleBuild2(0, cause));
            }
            var runs = new ArrayList<WorkflowRun>();
            for (QueueTaskFuture<WorkflowRun> start : starts) {
                runs.add(start.waitForStart());
            }
            double most = 0;
            for (WorkflowRun run : runs) {
                String log = JenkinsRule.getLog(jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run)));
                most = Math.max(most, Double.parseDouble(log.replaceFirst("(?s).*after (\\d+) ms.*", "$1")));
            }
            return most;
        } finally {
            SlowProvider.millis = 0;
        }
    }

    /** As one that asks a service elsewhere: the account is there. */
    @TestExtension
    public static class SlowProvider extends CredentialsProvider {
        static final String ID = "elsewhere";
        static volatile String token = "";
        static volatile long millis;

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type, ItemGroup group, Authentication authentication, List<DomainRequirement> domains) {
            if (!type.isAssignableFrom(QwietServiceAccount.class)) {
                return List.of();
            }
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            var account = new QwietServiceAccount(CredentialsScope.GLOBAL, ID, "elsewhere", Secret.fromString(token));
            return List.of(type.cast(account));
        }
    }
}
