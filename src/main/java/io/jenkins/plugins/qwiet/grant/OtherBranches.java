package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Knows whether a build does several things at once. */
public final class OtherBranches {
    private OtherBranches() {}

    /**
     * Whether more than one branch of a Pipeline is running. Never waits. Where that cannot be known, it is so.
     */
    public static boolean run(@NonNull Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        if (owner == null) {
            return false;
        }
        FlowExecution execution = owner.getOrNull();
        return execution == null
                || execution.getCurrentHeads().stream()
                                .filter(head -> !isEndOfBranch(head))
                                .count()
                        > 1;
    }

    /** A branch that is through keeps its head until all are. */
    private static boolean isEndOfBranch(FlowNode head) {
        return head instanceof BlockEndNode<?> end
                && end.getStartNode().getPersistentAction(ThreadNameAction.class) != null;
    }
}
