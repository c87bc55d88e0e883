package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * What a build is doing besides at a moment: who else may be using its tokens.
 *
 * @param areRunning whether more than one branch of a Pipeline is running; where that cannot be known, it is so
 * @param branch with which node of the Pipeline the innermost branch began that is running; 0 outside of branches. What was
 *     bound before, or in another branch, belongs to the build, also when the other branches are through
 * @param pipeline null if it is none, or not known
 */
public record OtherBranches(
        boolean areRunning, long branch, @CheckForNull FlowExecution pipeline) {
    private static final Logger LOGGER = Logger.getLogger(OtherBranches.class.getName());

    /** Looks at a build; never waits. */
    @NonNull
    public static OtherBranches of(@NonNull Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        if (owner == null) {
            return new OtherBranches(false, 0, null);
        }
        FlowExecution execution = owner.getOrNull();
        List<FlowNode> running = execution == null
                ? List.of()
                : execution.getCurrentHeads().stream()
                        .filter(head -> !isEndOfBranch(head))
                        .toList();
        return new OtherBranches(
                execution == null || running.size() > 1, running.size() == 1 ? branch(running.get(0)) : 0, execution);
    }

    /** Whether steps that are not the one who asks may be using a token, or will. */
    public boolean mayUse(@NonNull TokenRecord token) {
        return areRunning || branch != 0 && token.isSeen() && !isOfBranch(token);
    }

    private boolean isOfBranch(TokenRecord token) {
        if (pipeline == null) {
            return false;
        }
        try {
            FlowNode step = pipeline.getNode(String.valueOf(token.line().block()));
            return step != null && OpenBlocks.around(step).contains(branch);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Where it was bound is not known: " + token);
            return false;
        }
    }

    private static long branch(FlowNode head) {
        for (FlowNode block : head.iterateEnclosingBlocks()) {
            if (block.getPersistentAction(ThreadNameAction.class) != null) {
                return OpenBlocks.number(block);
            }
        }
        return 0;
    }

    /** A branch that is through keeps its head until all are. */
    private static boolean isEndOfBranch(FlowNode head) {
        return head instanceof BlockEndNode<?> end
                && end.getStartNode().getPersistentAction(ThreadNameAction.class) != null;
    }
}
