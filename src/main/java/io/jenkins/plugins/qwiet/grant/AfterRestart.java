package io.jenkins.plugins.qwiet.grant;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.init.InitMilestone;
import hudson.model.Result;
import hudson.model.Run;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.Timer;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.CpsThreadGroup;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;

/**
 * Lets a Pipeline go on after a restart only when its tokens are alive: they may have died while Jenkins was down.
 *
 * <p>Pipeline loads a program paused, and lets it go on when {@link CpsFlowExecution#programPromise} is there and all steps
 * in it are resumed ({@code FlowExecutionList.ResumeStepExecutionListener}). That promise may come late, as when an agent is
 * not there yet. So here it is made to come late: no thread waits, nothing is paused that was not, what a person paused stays
 * paused, and a Jenkins that goes down meanwhile finds on disk what it found before. Not for long: if Qwiet is out, the
 * Pipeline goes on without.
 */
@OptionalExtension(requirePlugins = "workflow-cps", ordinal = 1000)
public class AfterRestart extends FlowExecutionListener {
    private static final Logger LOGGER = Logger.getLogger(AfterRestart.class.getName());
    private static final long LONGEST_WAIT_SECONDS = 30;
    private static final long LOOK_IF_UP_MILLIS = 100;
    private static final long LOOK_IF_ABORTED_MILLIS = 1000;

    /** Comes before the listener that resumes the steps, by its ordinal. May run on the thread that starts Jenkins. */
    @Override
    public void onResumed(@NonNull FlowExecution execution) {
        try {
            if (execution instanceof CpsFlowExecution pipeline
                    && pipeline.programPromise != null
                    && execution.getOwner().getExecutable() instanceof Run<?, ?> run) {
                BuildTokens.of(run)
                        .filter(tokens -> tokens.getTokens().stream()
                                .anyMatch(token ->
                                        token.isCurrent() && token.line().isRenewable()))
                        .ifPresent(tokens -> hold(pipeline, tokens));
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not look at the tokens of " + execution);
        }
    }

    private static void hold(CpsFlowExecution pipeline, BuildTokens tokens) {
        ListenableFuture<CpsThreadGroup> program = pipeline.programPromise;
        SettableFuture<CpsThreadGroup> later = SettableFuture.create();
        pipeline.programPromise = later;
        Result before = pipeline.getResult();
        // Nothing could be minted before Jenkins is up; and steps are not resumed before that either.
        when(AfterRestart::isUp, LOOK_IF_UP_MILLIS)
                .thenCompose(up -> CompletableFuture.anyOf(
                                Renewals.get().untilAlive(tokens),
                                // Somebody aborted it.
                                when(() -> later.isDone() || pipeline.getResult() != before, LOOK_IF_ABORTED_MILLIS))
                        .completeOnTimeout(null, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS))
                .whenComplete((done, problem) -> {
                    later.setFuture(program);
                    if (problem != null) {
                        LOGGER.log(Level.WARNING, problem, () -> "Could not renew the tokens of " + pipeline);
                    }
                });
    }

    private static boolean isUp() {
        Jenkins jenkins = Jenkins.getInstanceOrNull();
        return jenkins == null || jenkins.isTerminating() || jenkins.getInitLevel() == InitMilestone.COMPLETED;
    }

    private static CompletableFuture<Void> when(BooleanSupplier condition, long lookAgainMillis) {
        var met = new CompletableFuture<Void>();
        look(condition, lookAgainMillis, met);
        return met;
    }

    private static void look(BooleanSupplier condition, long lookAgainMillis, CompletableFuture<Void> met) {
        try {
            if (condition.getAsBoolean()) {
                met.complete(null);
            } else {
                Timer.get()
                        .schedule(() -> look(condition, lookAgainMillis, met), lookAgainMillis, TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException e) {
            met.completeExceptionally(e);
        }
    }
}
