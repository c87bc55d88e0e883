package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.api.Retry;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Turns a list of tokens, as it streams by, into a report. Keeps the build's own tokens whole, {@value #MAX_ROWS} rows
 * of the organization's (fewer if they are very long), and numbers of all the rest: 100,000 tokens need some ten megabytes.
 *
 * <p>Give it to {@link QwietClient#list} as the listing, wait for the outcome, then {@link #finish} it. Tokens are taken
 * on one thread at a time; whoever finishes must have seen the list's future complete, or finish with another outcome
 * than {@link Outcome.Done}.
 */
public final class Audit implements QwietClient.Listing {
    /** Rows of the organization's list that are kept. */
    public static final int MAX_ROWS = 20_000;
    /** Builds that are asked about. */
    public static final int MAX_BUILDS = 5_000;

    /** Of which nothing is missing, not even where there is no list. */
    private static final Listed WHOLE = new Listed(0, true);

    private final Subject subject;
    private final Rules rules;
    private final Instant now;

    @CheckForNull
    private final Difference.Finder fromPrevious;

    private volatile Consumer<Retry> told = retry -> {};
    private ListedTokens listed;

    /**
     * Begins an audit.
     *
     * @param previous an earlier audit to tell the difference from; null if there is none. One that cannot be read, or
     *     was about something else, counts as none
     * @param clock Qwiet's, since its times are compared with it. Asked once, now: a token whose end is later than that is
     *     live
     */
    public Audit(
            @NonNull Subject subject, @NonNull Rules rules, @CheckForNull StoredReport previous, @NonNull Clock clock) {
        this.subject = subject;
        this.rules = rules;
        this.now = clock.instant();
        this.fromPrevious = Difference.Finder.from(previous, subject);
        this.listed = begin();
    }

    private ListedTokens begin() {
        return new ListedTokens(
                subject,
                now,
                new RuleEvaluation(rules, now, System::nanoTime),
                fromPrevious == null ? null : fromPrevious.again());
    }

    /**
     * For somebody who waits for the list.
     *
     * @param told before each new try, on a thread that must not be blocked
     */
    public void onRetry(@NonNull Consumer<Retry> told) {
        this.told = told;
    }

    @Override
    public void again(Retry retry) {
        told.accept(retry);
    }

    @Override
    public void restart() {
        listed = begin();
    }

    @Override
    public void accept(Token token) {
        listed.accept(token);
    }

    /**
     * Ends the audit. To be called once.
     *
     * @param outcome what became of the list. Unless it is {@link Outcome.Done} nothing of the list is used, since
     *     nobody knows what is missing
     * @param builds asked about the builds that made the list's tokens
     * @throws InterruptedException if the thread was interrupted while builds were asked about
     */
    @NonNull
    public Result finish(@NonNull Outcome<Listed> outcome, @NonNull BuildStates builds) throws InterruptedException {
        return outcome instanceof Outcome.Done<Listed> done
                ? listed.result(done.value(), builds)
                : without(ListFailure.of(outcome));
    }

    /**
     * Ends an audit whose list cannot even be asked for, instead of {@link #finish}.
     *
     * @param problem why, as a sentence; what follows it says what to do
     */
    @NonNull
    public Result finishWithoutList(@NonNull String problem) {
        return without(ListFailure.of(problem));
    }

    private Result without(ListFailure failure) {
        List<BuildToken> own = subject.own().stream()
                .map(token -> token.found(ListedTokens.lifeWithoutList(token, now)))
                .toList();
        var evaluation = new RuleEvaluation(rules, now, System::nanoTime);
        own.forEach(evaluation::own);
        var report = report(subject, now, failure, Counts.NONE, own, evaluation.withoutList(failure), null, 0, WHOLE);
        return new Result(report, List.of(), new TokenIndex(), false);
    }

    static AuditReport report(
            Subject subject,
            Instant now,
            @CheckForNull ListFailure failure,
            Counts counts,
            List<BuildToken> own,
            List<Violation> violations,
            @CheckForNull Difference difference,
            int rows,
            Listed listed) {
        Organization organization = subject.organization();
        return new AuditReport(
                now,
                subject.build(),
                organization == null ? "" : organization.address().base(),
                organization == null ? "" : organization.orgId(),
                subject.query().includeExpired(),
                subject.query().includeIntegrations(),
                failure,
                counts,
                own,
                violations,
                difference,
                rows,
                !listed.whole(),
                listed.moved());
    }

    /**
     * What is audited, by which build.
     *
     * @param organization whose tokens; null if nobody knows, and so nothing can be listed
     * @param query which of them
     * @param build its display name, such as {@code app » main #12}
     * @param buildUrl its absolute address, as it is written into the descriptions of its tokens; empty if Jenkins does
     *     not know its own
     * @param own the tokens that the build's record knows
     * @param nonces of the build's tokens, by its record and its open leases. A description proves nothing but by one of
     *     these: anybody who may create a token can write the address of any build
     * @param inUse ids or nonces of those among them that an open block or another branch of the running build holds
     * @param leased the tokens of other builds of this Jenkins by its open leases, and what is known of the build: by the
     *     token's id, and by the nonce of one whose id was never told
     * @param revokedLately ids and nonces of tokens of other builds that this Jenkins had revoked a moment ago, or is about to:
     *     a list may lag behind
     * @param ownNonces knows the nonces that this Jenkins alone can have made: what has one and no build, a build left that
     *     is deleted. Asked on threads of the HTTP client; must not block
     */
    public record Subject(
            @CheckForNull Organization organization,
            @NonNull ListQuery query,
            @NonNull String build,
            @NonNull String buildUrl,
            @NonNull List<BuildToken> own,
            @NonNull Set<String> nonces,
            @NonNull Set<String> inUse,
            @NonNull Map<String, BuildStates.State> leased,
            @NonNull Set<String> revokedLately,
            @NonNull Predicate<String> ownNonces) {
        public Subject {
            revokedLately = Set.copyOf(revokedLately);
            own = List.copyOf(own);
            nonces = Set.copyOf(nonces);
            inUse = Set.copyOf(inUse);
            leased = Map.copyOf(leased);
        }

        /** Where no token of another build was revoked a moment ago. */
        public Subject(
                @CheckForNull Organization organization,
                @NonNull ListQuery query,
                @NonNull String build,
                @NonNull String buildUrl,
                @NonNull List<BuildToken> own,
                @NonNull Set<String> nonces,
                @NonNull Set<String> inUse,
                @NonNull Map<String, BuildStates.State> leased,
                @NonNull Predicate<String> ownNonces) {
            this(organization, query, build, buildUrl, own, nonces, inUse, leased, Set.of(), ownNonces);
        }

        /** Of a build that uses none any more, in a Jenkins where no other build has one. */
        public Subject(
                @CheckForNull Organization organization,
                @NonNull ListQuery query,
                @NonNull String build,
                @NonNull String buildUrl,
                @NonNull List<BuildToken> own,
                @NonNull Set<String> nonces) {
            this(organization, query, build, buildUrl, own, nonces, Set.of(), Map.of(), nonce -> false);
        }
    }

    /**
     * All that an audit leaves behind.
     *
     * @param report what it found
     * @param rows the list, or its first {@value #MAX_ROWS} tokens
     * @param index what the next audit needs to tell the difference
     * @param late whether a token of another build is in it that was just revoked
     */
    public record Result(
            @NonNull AuditReport report,
            @NonNull List<TokenRow> rows,
            @NonNull TokenIndex index,
            boolean late) {
        public Result {
            rows = List.copyOf(rows);
        }

        /** The same, with the first rows alone. */
        Result first(int kept) {
            return kept == rows.size() ? this : new Result(report.keeping(kept), rows.subList(0, kept), index, late);
        }

        /**
         * Whether Qwiet listed a token as live that this Jenkins had revoked, be it of the build or of another. A list may lag behind by a moment: only one
         * that says so again a little later is to be believed.
         */
        public boolean listsWhatWasRevoked() {
            return late
                    || report.own().stream()
                            .anyMatch(token -> token.life() == BuildToken.Life.LIVE && token.revokedAt() != null);
        }
    }
}
