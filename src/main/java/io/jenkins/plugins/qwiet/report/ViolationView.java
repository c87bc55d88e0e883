package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.Violation;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.util.List;

/**
 * A violated rule as the page shows it.
 *
 * @param severity what the violation means for the build
 * @param rule as the step's argument is called
 * @param sentence what is wrong
 * @param tokens the first tokens that violate the rule
 * @param named how many tokens are named, of how many
 * @param few whether they are few enough to be shown without a click
 */
public record ViolationView(
        @NonNull Badge severity,
        @NonNull String rule,
        @NonNull String sentence,
        @NonNull List<Token> tokens,
        @NonNull String named,
        boolean few) {

    static ViolationView of(Violation violation, ReportAccess access) {
        int named = violation.findings().size();
        return new ViolationView(
                Badge.of(violation.severity()),
                RuleArguments.name(violation.rule()),
                AuditLog.sentence(violation),
                violation.findings().stream()
                        .map(finding -> Token.of(finding, access.build(finding.build())))
                        .toList(),
                named == violation.total()
                        ? Messages.ViolationView_all(String.valueOf(named))
                        : Messages.ViolationView_some(String.valueOf(named), String.valueOf(violation.total())),
                named <= Violation.MAX_PUBLIC_FINDINGS);
    }

    /**
     * A token that violates a rule.
     *
     * @param expires null if it never does, or if that is not known
     * @param build the build that created it; null if there is none, or none that the reader may see
     */
    public record Token(
            @NonNull String label,
            @NonNull String id,
            @CheckForNull DisplayTime expires,
            @CheckForNull Run<?, ?> build) {

        static Token of(Finding finding, @CheckForNull Run<?, ?> build) {
            return new Token(
                    DisplayText.line(finding.label()),
                    DisplayText.line(finding.id()),
                    DisplayTime.of(finding.expiresAt()),
                    build);
        }
    }
}
