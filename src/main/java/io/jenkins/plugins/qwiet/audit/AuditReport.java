package io.jenkins.plugins.qwiet.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.Texts;
import java.time.Instant;
import java.util.List;

/**
 * What an audit found, the organization's rows aside: small, however long the list. As JSON it grows by new fields only;
 * a field that is missing or unknown is no error.
 *
 * @param at when the list was asked for, by Qwiet's clock
 * @param build display name of the build that asked
 * @param api address of Qwiet's API
 * @param orgId the organization
 * @param includeExpired whether tokens that are over were asked for
 * @param includeIntegrations whether tokens of other types were asked for
 * @param failure why there is no list; null if there is one
 * @param counts all zero if there is no list
 * @param own the build's tokens
 * @param violations the violated rules, the most severe first
 * @param difference to an earlier audit of the same; null if there is none to compare with
 * @param rowsKept how many rows of the list are kept beside this; fewer than were listed if there are very
 *     many, or very long ones
 * @param partial whether the list may not be the whole; then nothing follows from a token's absence
 * @param moved whether it is partial only because tokens moved from page to page while it was read; else something says
 *     that there are more
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
        int rowsKept,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean partial,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean moved) {

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

    /** The severity of the most severe violation; {@link Severity#OFF} if there is none. */
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
                rowsKept,
                partial,
                moved);
    }

    /** The same, with fewer rows beside it. */
    AuditReport keeping(int rows) {
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
                violations,
                difference,
                rows,
                partial,
                moved);
    }

    /**
     * How many tokens of each kind were listed; exact, however long the list.
     *
     * @param listed all of them
     * @param liveCi live CI tokens
     * @param neverExpire live CI tokens without an end
     * @param expired tokens whose time is over, listed only where that was asked for
     * @param otherTypes live tokens that are not CI tokens, listed only where that was asked for
     * @param madeByJenkins live tokens that a build made, of this Jenkins or another
     * @param leftBehind live tokens whose build is over or gone, this build's not among them
     */
    public record Counts(
            long listed,
            long liveCi,
            long neverExpire,
            long expired,
            long otherTypes,
            long madeByJenkins,
            long leftBehind) {
        /** Nothing was listed. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);
    }

    /**
     * Why the list could not be read, and what to do.
     *
     * @param status the HTTP status; 0 if there was no answer
     * @param reason a sentence, in Qwiet's words if it was Qwiet who said no; see {@link DisplayText}
     * @param advice a sentence; empty if there is none to give
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ListFailure(
            int status, @NonNull String reason, @NonNull String advice) {
        private static final Texts TEXTS = Texts.of(ListFailure.class);
        private static final int MAX_REASON = 500;

        public ListFailure {
            reason = reason == null ? "" : reason;
            advice = advice == null ? "" : advice;
        }

        /** @throws IllegalStateException if the list was read */
        @NonNull
        static ListFailure of(@NonNull Outcome<?> outcome) {
            if (outcome instanceof Outcome.Refused<?> refused) {
                String reason = TEXTS.get("ListFailure.refused", refused.inWords());
                return new ListFailure(refused.status(), DisplayText.cut(reason, MAX_REASON), advice(refused.status()));
            }
            return new ListFailure(0, DisplayText.cut(outcome.reason(), MAX_REASON), "");
        }

        /** Of a list that could not even be asked for: the first sentence says why, the rest what to do. */
        @NonNull
        static ListFailure of(@NonNull String problem) {
            String text = problem.strip();
            int end = text.indexOf(". ");
            String reason = end < 0 ? text : text.substring(0, end + 1);
            String rest = end < 0 ? "" : text.substring(end + 2).strip();
            return new ListFailure(0, DisplayText.cut(reason, MAX_REASON), DisplayText.cut(rest, MAX_REASON));
        }

        private static String advice(int status) {
            return switch (status) {
                case 401 -> TEXTS.get("ListFailure.unauthorized");
                case 403 -> TEXTS.get("ListFailure.forbidden");
                case 404 -> TEXTS.get("ListFailure.notFound");
                default -> "";
            };
        }
    }
}
