package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditLog;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.audit.Finding;
import io.jenkins.plugins.qwiet.audit.Violation;
import java.util.List;

/** A broken rule as the page shows it. */
public final class ViolationView {
    private final Violation violation;
    private final List<Token> tokens;

    private ViolationView(Violation violation, List<Token> tokens) {
        this.violation = violation;
        this.tokens = tokens;
    }

    static ViolationView of(@NonNull Violation violation, @NonNull VisibleBuilds builds) {
        return new ViolationView(
                violation,
                violation.findings().stream()
                        .map(finding -> new Token(finding, builds.find(finding.build())))
                        .toList());
    }

    @NonNull
    public Badge getSeverity() {
        return Badge.of(violation.severity());
    }

    /** As the step's argument is called. */
    @NonNull
    public String getRule() {
        return RuleArguments.name(violation.rule());
    }

    @NonNull
    public String getSentence() {
        return AuditLog.sentence(violation);
    }

    /** The first tokens that break it. */
    @NonNull
    public List<Token> getTokens() {
        return tokens;
    }

    /** How many tokens are named, of how many. */
    @NonNull
    public String getNamed() {
        int named = tokens.size();
        return named == violation.total()
                ? Messages.ViolationView_all(named)
                : Messages.ViolationView_some(named, violation.total());
    }

    /** Whether they are few enough to be shown without asking. */
    public boolean isFew() {
        return tokens.size() <= Violation.MAX_PUBLIC_FINDINGS;
    }

    /** A token that breaks a rule. */
    public static final class Token {
        private final Finding finding;

        @CheckForNull
        private final Run<?, ?> build;

        Token(Finding finding, @CheckForNull Run<?, ?> build) {
            this.finding = finding;
            this.build = build;
        }

        @NonNull
        public String getLabel() {
            return DisplayText.line(finding.label());
        }

        @NonNull
        public String getId() {
            return DisplayText.line(finding.id());
        }

        /** Null if it never does, or nobody knows. */
        @CheckForNull
        public DisplayTime getExpires() {
            return DisplayTime.of(finding.expiresAt());
        }

        /** The build that made it, if there is one that may be seen. */
        @CheckForNull
        public Run<?, ?> getBuild() {
            return build;
        }
    }
}
