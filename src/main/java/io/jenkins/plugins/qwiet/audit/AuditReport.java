package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;

/**
 * What an audit found, the organization's rows aside: small, however long the list. As JSON it grows by new fields only;
 * a field that is missing or unknown is no error.
 *
 * @param at when the list was asked for
 * @param build display name of the build that asked
 * @param api address of Qwiet's API
 * @param orgId the organization
 * @param includeExpired whether tokens that are over were asked for
 * @param includeIntegrations whether tokens of other types were asked for
 * @param failure why there is no list; null if there is one
 * @param counts all zero if there is no list
 * @param own the build's tokens
 * @param violations the broken rules, the heaviest first
 * @param difference to an earlier audit of the same; null if there is none to compare with
 * @param rowsKept how many rows of the list are kept beside this; fewer than were listed if the list is very long
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditReport(
        @NonNull Instant at,
        @NonNull String build,
        @NonNull String api,
        @NonNull String orgId,
        boolean includeExpired,
        boolean includeIntegrations,
        @CheckForNull ListFailure failure,
        @NonNull Counts counts,
        @NonNull List<BuildToken> own,
        @NonNull List<Violation> violations,
        @CheckForNull Difference difference,
        int rowsKept) {

    public AuditReport {
        at = at == null ? Instant.EPOCH : at;
        build = build == null ? "" : build;
        api = api == null ? "" : api;
        orgId = orgId == null ? "" : orgId;
        counts = counts == null ? Counts.NONE : counts;
        own = own == null ? List.of() : List.copyOf(own);
        // A rule that only a later version knows arrives as null.
        violations = violations == null
                ? List.of()
                : violations.stream().filter(v -> v.rule() != null).toList();
    }

    /** Whether there is a list. */
    public boolean listed() {
        return failure == null;
    }

    /** Whether the list was longer than what is kept of it. */
    public boolean truncated() {
        return rowsKept < counts.listed();
    }

    /** The weight of the heaviest broken rule; {@link Severity#OFF} if none is broken. */
    @NonNull
    public Severity worst() {
        return violations.stream().map(Violation::severity).reduce(Severity.OFF, Severity::or);
    }

    /**
     * This report as those may see it who may read the build but not the organization's list: its numbers, its own
     * tokens, and of each rule the few tokens that the build's log names as well.
     */
    @NonNull
    public AuditReport forReaders() {
        return new AuditReport(
                at,
                build,
                api,
                orgId,
                includeExpired,
                includeIntegrations,
                failure,
                counts,
                own,
                violations.stream().map(Violation::forReaders).toList(),
                difference == null ? null : difference.withoutEntries(),
                rowsKept);
    }
}
