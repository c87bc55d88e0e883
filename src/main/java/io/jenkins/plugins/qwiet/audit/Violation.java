package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Token;
import java.time.Instant;
import java.util.List;

/**
 * A rule that is violated, or of which some tokens could not be checked.
 *
 * @param rule the rule
 * @param severity its effect on the build
 * @param total the exact number of tokens that violate it
 * @param unchecked the number of tokens that were not checked: too many builds, or too much work on labels
 * @param limit the rule's number, of days or of tokens; null if it has none
 * @param detail the rule's pattern, or why the list could not be read; null for any other rule
 * @param findings the first of those tokens; {@value #MAX_FINDINGS} at most
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Violation(
        @NonNull Rule rule,
        @NonNull Severity severity,
        long total,
        long unchecked,
        @CheckForNull Integer limit,
        @CheckForNull String detail,
        @NonNull List<Finding> findings) {
    /** Tokens that are named for one rule. */
    public static final int MAX_FINDINGS = 50;
    /** Tokens that are named for one rule to everybody who may read the build, in its log first of all. */
    public static final int MAX_PUBLIC_FINDINGS = 5;

    /** The detail of {@link Rule#LIST_UNAVAILABLE} where a part was listed, as it is stored in any language. */
    static final String PARTIAL_LIST = "Qwiet's list may not be the whole";
    /** The detail of that rule where tokens moved while the list was read, and nothing else says that it is not the whole. */
    static final String MOVED_LIST = "tokens moved from one page of Qwiet's list to another while it was read";

    public Violation {
        severity = severity == null ? Severity.WARN : severity;
        findings = findings == null ? List.of() : List.copyOf(findings);
    }

    /** As those may see it who see the build but not the organization's list. */
    Violation forReaders() {
        if (rule == Rule.OWN_TOKEN_LIVE) {
            return this;
        }
        List<Finding> some = findings.stream()
                .limit(MAX_PUBLIC_FINDINGS)
                .map(Finding::withoutBuild)
                .toList();
        return new Violation(rule, severity, total, unchecked, limit, detail, some);
    }

    /**
     * A token that violates a rule.
     *
     * @param id by which it can be revoked
     * @param label as people wrote it, cut if long; see {@link DisplayText}
     * @param expiresAt null if it never does, or nobody knows
     * @param build the address of the build that made it; null if none did
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Finding(
            @NonNull String id,
            @NonNull String label,
            @CheckForNull Instant expiresAt,
            @CheckForNull String build) {
        public Finding {
            id = id == null ? "" : id;
            label = label == null ? "" : label;
        }

        Finding withoutBuild() {
            return new Finding(id, label, expiresAt, null);
        }

        static Finding of(Token token, @CheckForNull String build) {
            return new Finding(
                    DisplayText.cut(token.id(), TokenRow.MAX_ID),
                    DisplayText.cut(token.label(), TokenRow.MAX_TEXT),
                    token.expiresAt(),
                    build);
        }
    }
}
