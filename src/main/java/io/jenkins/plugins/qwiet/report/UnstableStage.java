package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import hudson.model.Run;
import java.util.List;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/**
 * Lets a Pipeline's views show which stage made the build unstable. A {@link jenkins.tasks.SimpleBuildStep} is not told
 * which node of the Pipeline it runs for, so the node is looked up among those that run now.
 */
final class UnstableStage {
    /** The step in which Pipeline runs a {@link jenkins.tasks.SimpleBuildStep}. */
    private static final String BUILD_STEP = "step";

    private UnstableStage() {}

    /** Does nothing where there is no Pipeline, or where parallel branches leave it open which node it is. */
    static void mark(@NonNull Run<?, ?> run, @NonNull String message) {
        if (!(run instanceof FlowExecutionOwner.Executable pipeline)) {
            return;
        }
        FlowExecutionOwner owner = pipeline.asFlowExecutionOwner();
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        if (execution == null) {
            return;
        }
        List<FlowNode> running = execution.getCurrentHeads().stream()
                .filter(node -> node.isActive() && isBuildStep(node))
                .toList();
        if (running.size() == 1) {
            running.get(0).addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
        }
    }

    private static boolean isBuildStep(FlowNode node) {
        StepDescriptor step = node instanceof StepNode of ? of.getDescriptor() : null;
        return step != null && BUILD_STEP.equals(step.getFunctionName());
    }
}
