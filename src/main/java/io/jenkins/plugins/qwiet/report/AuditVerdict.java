package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.Finding;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.audit.Violation;
import java.util.stream.Collectors;

/** What the broken rules of a report mean for the build that asked. */
final class AuditVerdict {
    private static final int LONGEST_LABEL = 60;
    private static final int LONGEST_DETAIL = 300;

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
                UnstableStage.mark(run, Messages.AuditVerdict_unstable(words(report, Severity.UNSTABLE)));
            }
            case WARN, OFF -> {
                // The log said it.
            }
        }
    }

    private static String words(AuditReport report, Severity severity) {
        return report.violations().stream()
                .filter(violation -> violation.severity() == severity)
                .map(AuditVerdict::words)
                .collect(Collectors.joining("; "));
    }

    /** The rule, what is wrong, and the first tokens. */
    @NonNull
    private static String words(Violation violation) {
        String sentence = RuleArguments.name(violation.rule()) + ": " + AuditLog.sentence(violation);
        return switch (violation.rule()) {
            case LIST_UNAVAILABLE -> sentence + ": " + DisplayText.line(violation.detail(), LONGEST_DETAIL);
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
        return more > 0 ? Messages.AuditVerdict_more(more) : "";
    }
}
