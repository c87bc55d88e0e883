package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.sun.management.ThreadMXBean;
import hudson.model.Result;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.BodyInvoker;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;

/** A step may fail again and again: in {@code retry} and {@code waitUntil}. Counts what is allocated; measures no time. */
class MaskedFailuresTest extends OnJenkins {
    private final Random random = new Random(17);

    private List<Secret> tokens(int count) {
        var values = new ArrayList<Secret>();
        for (int i = 0; i < count; i++) {
            byte[] signature = new byte[32];
            random.nextBytes(signature);
            values.add(Secret.fromString("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature)));
        }
        return values;
    }

    private static void hold(Run<?, ?> run, List<Secret> tokens) {
        BuildMask.of(run)
                .hide(tokens.stream()
                        .map(Secret::getPlainText)
                        .map(SecretText::of)
                        .toList());
    }

    private static long allocatedByFailing(Run<?, ?> run, List<Secret> tokens) {
        hold(run, tokens);
        var handler = new MaskedFailures(tokens);
        var failure = new IOException("exit code 1");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        assertThat(handler.handle(new OfBuild(run), failure)).isSameAs(failure);
        return threads.getThreadAllocatedBytes(id) - before;
    }

    @Test
    void makesNoMasksAnewThatTheBuildHas() throws Exception {
        Run<?, ?> run = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(newName()));
        allocatedByFailing(run, tokens(1));
        long one = allocatedByFailing(run, tokens(1));

        assertThat(allocatedByFailing(run, tokens(100)))
                .as("with 1 token %s bytes", one)
                .isLessThan(4 * one);
        hold(run, List.of());
    }

    @Test
    void hidesWhatTheBuildKnowsAndWhatOnlyTheBlockKnows() throws Exception {
        Run<?, ?> run = jenkins.buildAndAssertSuccess(jenkins.createFreeStyleProject(newName()));
        List<Secret> tokens = tokens(3);
        hold(run, tokens.subList(0, 2));
        var handler = new MaskedFailures(tokens.subList(1, 3));
        String message = "of %s, %s and %s";

        Throwable hidden = handler.handle(
                new OfBuild(run),
                new IOException(String.format(
                        message, tokens.stream().map(Secret::getPlainText).toArray())));

        assertThat(hidden).hasMessageContaining("of ****, **** and ****");
        hold(run, List.of());
    }

    /** Scripts catch classes of errors, and a result may be in one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "withQwietCiToken(label: 'L', variable: 'T') { try { error MESSAGE } catch (hudson.AbortException e) { echo 'caught' } }",
                "try { withQwietCiToken(label: 'L', variable: 'T') { error MESSAGE } } catch (hudson.AbortException e) { echo 'caught' }",
                "try { withQwietCiToken(label: 'L', variable: 'T') { throw new FileNotFoundException(MESSAGE) } }"
                        + " catch (IOException e) { echo 'caught' }",
                "try { withQwietCiToken(label: 'L', variable: 'T') { throw new IllegalStateException(MESSAGE) } }"
                        + " catch (RuntimeException e) { echo 'caught' }",
                "withQwietCiToken(label: 'L', variable: 'T') { def f = new"
                        + " org.jenkinsci.plugins.workflow.steps.FlowInterruptedException(hudson.model.Result.ABORTED, true);"
                        + " f.addSuppressed(new Exception(MESSAGE)); throw f }",
                "withQwietCiToken(label: 'L', variable: 'T') { throw new"
                        + " org.jenkinsci.plugins.workflow.steps.FlowInterruptedException(hudson.model.Result.UNSTABLE, false,"
                        + " new jenkins.model.CauseOfInterruption.UserInterruption(MESSAGE)) }",
            })
    void aBuildEndsAsItDoesWithoutATokenInTheMessage(String script) throws Exception {
        WorkflowRun without = trusted(script.replace("MESSAGE", "\"refused for nobody\""));

        WorkflowRun run = trusted(script.replace("MESSAGE", "\"refused for ${env.T}\""));

        String log = JenkinsRule.getLog(run);
        assertThat(log).doesNotContain(signature(valueOf("L")));
        assertThat(run.getResult()).as(log).isEqualTo(without.getResult());
        assertThat(log.contains("\ncaught"))
                .as(log)
                .isEqualTo(JenkinsRule.getLog(without).contains("\ncaught"));
    }

    private static WorkflowRun trusted(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, newName());
        job.setDefinition(new CpsFlowDefinition(script, false));
        return jenkins.waitForCompletion(job.scheduleBuild2(0).waitForStart());
    }

    private static final class OfBuild extends StepContext {
        private static final long serialVersionUID = 1;

        private final transient Run<?, ?> run;

        OfBuild(Run<?, ?> run) {
            this.run = run;
        }

        @Override
        public <T> T get(Class<T> key) {
            return key == Run.class ? key.cast(run) : null;
        }

        @Override
        public void onSuccess(Object result) {}

        @Override
        public void onFailure(Throwable t) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public ListenableFuture<Void> saveState() {
            return null;
        }

        @Override
        public void setResult(Result r) {}

        @Override
        public BodyInvoker newBodyInvoker() {
            return null;
        }

        @Override
        public boolean equals(Object o) {
            return this == o;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
