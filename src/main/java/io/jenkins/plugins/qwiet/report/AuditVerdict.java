package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.audit.Violation;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.util.List;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** Gives the audited build the result that the violated rules of its report call for. */
final class AuditVerdict {
    private static final int LONGEST_LABEL = 60;
    private static final int LONGEST_DETAIL = 300;

    /** The step in which Pipeline runs a {@link jenkins.tasks.SimpleBuildStep}. */
    private static final String BUILD_STEP = "step";

    private AuditVerdict() {}

    /**
     * Makes the build unstable if the report says so.
     *
     * @throws AbortException if it says that the build fails, with the rules, labels and ids that are why
     */
    static void apply(@NonNull AuditReport report, @NonNull Run<?, ?> run) throws AbortException {
        switch (report.worst()) {
            case FAIL -> throw new AbortException(Messages.AuditVerdict_fails(words(report, Severity.FAIL)));
            case UNSTABLE -> {
                run.setResult(Result.UNSTABLE);
                markStage(run, Messages.AuditVerdict_unstable(words(report, Severity.UNSTABLE)));
            }
            case WARN, OFF -> {
                // The log says it already.
            }
        }
    }

    /**
     * Lets a Pipeline's views show which stage made the build unstable. A {@link jenkins.tasks.SimpleBuildStep} is not
     * told which node of the Pipeline it runs for, so the node is looked up among those that run now. Does nothing where
     * there is no Pipeline, or where with parallel branches more than one node is possible.
     */
    private static void markStage(Run<?, ?> run, String message) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
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

    private static String words(AuditReport report, Severity severity) {
        return report.violations().stream()
                .filter(violation -> violation.severity() == severity)
                .map(AuditVerdict::words)
                .collect(Collectors.joining("; "));
    }

    /** The rule, what is wrong, and the first tokens. */
    private static String words(Violation violation) {
        String sentence = RuleArguments.name(violation.rule()) + ": " + AuditLog.sentence(violation);
        return switch (violation.rule()) {
            case LIST_UNAVAILABLE -> sentence + ": " + DisplayText.line(AuditLog.listDetail(violation), LONGEST_DETAIL);
            case TOO_MANY -> sentence;
            default ->
                violation.findings().isEmpty()
                        ? sentence
                        : violation.findings().stream()
                                .limit(Violation.MAX_PUBLIC_FINDINGS)
                                .map(AuditVerdict::words)
                                .collect(Collectors.joining(", ", sentence + ": ", more(violation)));
        };
    }

    private static String words(Finding finding) {
        return "\"" + DisplayText.line(finding.label(), LONGEST_LABEL) + "\" ("
                + DisplayText.line(finding.id(), LONGEST_LABEL) + ")";
    }

    private static String more(Violation violation) {
        long more = violation.total() - Math.min(violation.findings().size(), Violation.MAX_PUBLIC_FINDINGS);
        return more > 0 ? Messages.AuditVerdict_more(String.valueOf(more)) : "";
    }
}
