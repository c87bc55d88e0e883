package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** Whether a build is on, and may use its tokens, or is over: asked in one way everywhere. */
public final class RunningBuilds {
    private RunningBuilds() {}

    /**
     * Whether it is running, or paused, or about to go on after a restart. Does not block.
     *
     * <p>{@link Run#isLogUpdated()} covers what the other kinds of builds do when they have their result. It is not asked of a
     * Pipeline: one that Jenkins could not resume may say so for good, since nobody closed its log ({@code
     * WorkflowRun.isLogUpdated}: {@code listener != null}).
     */
    public static boolean isOn(@NonNull Run<?, ?> run) {
        return run.isBuilding() || (!(run instanceof FlowExecutionOwner.Executable) && run.isLogUpdated());
    }
}
