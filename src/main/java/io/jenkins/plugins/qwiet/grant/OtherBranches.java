package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.util.List;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
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
    /** Looks at a build; never waits. */
    @NonNull
    public static OtherBranches of(@NonNull Run<?, ?> run) {
        if (!(run instanceof FlowExecutionOwner.Executable)) {
            return new OtherBranches(false, 0, null);
        }
        FlowExecution execution = Branches.pipeline(run);
        List<FlowNode> running = execution == null ? List.of() : Branches.running(execution);
        return new OtherBranches(
                execution == null || running.size() > 1, running.size() == 1 ? branch(running.get(0)) : 0, execution);
    }

    /** Whether steps that are not the one who asks may be using a token, or will. */
    public boolean mayUse(@NonNull TokenRecord token) {
        return areRunning || branch != 0 && token.isSeen() && !isOfBranch(token);
    }

    /**
     * Whether somebody may be using a token, or is about to: whoever has the one of its line that is current may still use
     * those before it, and gets the next.
     *
     * @param tokens all of the build
     */
    public boolean mayUse(@NonNull TokenRecord token, @NonNull List<TokenRecord> tokens) {
        boolean current = tokens.stream()
                .filter(each -> each.isCurrent() && each.lineId().equals(token.lineId()))
                .anyMatch(each -> each.isInUse(mayUse(each)));
        return token.isInUse(current || areRunning);
    }

    private boolean isOfBranch(TokenRecord token) {
        FlowNode step = Branches.step(pipeline, token);
        return step != null && OpenBlocks.around(step).contains(branch);
    }

    private static long branch(FlowNode head) {
        return Branches.around(head).stream().findFirst().orElse(0L);
    }
}
