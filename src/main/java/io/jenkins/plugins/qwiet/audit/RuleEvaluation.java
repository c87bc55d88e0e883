package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Evaluates the rules for the tokens of one list. For one thread at a time. */
final class RuleEvaluation {
    /** Nanoseconds that matching all labels of a list may take; each takes some 20 ms at most, so little more. */
    static final long MAX_NANOS_OF_LABELS = 5_000_000_000L;

    private final Rules rules;
    private final Map<Rule, Tally> tallies = new EnumMap<>(Rule.class);
    private final boolean neverExpires;
    /** Null if that rule is off. */
    @CheckForNull
    private final Instant late;

    @CheckForNull
    private final LabelPattern labels;

    private final LongSupplier nanoTime;
    private long nanosOfLabels;
    /** Why the list may not be the whole; null if it is. */
    @CheckForNull
    private String inPart;

    /** @param nanoTime as {@link System#nanoTime} */
    RuleEvaluation(Rules rules, Instant now, LongSupplier nanoTime) {
        this.rules = rules;
        this.nanoTime = nanoTime;
        this.neverExpires = rules.asks(Rule.NEVER_EXPIRES);
        this.late = rules.asks(Rule.EXPIRES_LATE) ? now.plus(Duration.ofDays(rules.maxDays())) : null;
        this.labels = rules.asks(Rule.LABEL_MISMATCH) ? rules.labels() : null;
    }

    /** Evaluates the rules about single tokens for a live CI token. */
    void see(Token token, @CheckForNull String build) {
        Instant expiresAt = token.expiresAt();
        if (expiresAt == null) {
            if (neverExpires && token.neverExpires()) {
                tally(Rule.NEVER_EXPIRES).add(1, () -> Finding.of(token, build));
            }
        } else if (late != null && expiresAt.isAfter(late)) {
            tally(Rule.EXPIRES_LATE).add(1, () -> Finding.of(token, build));
        }
        if (labels != null) {
            if (nanosOfLabels > MAX_NANOS_OF_LABELS) {
                tally(Rule.LABEL_MISMATCH).unchecked++;
            } else if (!matches(token.label(), labels)) {
                tally(Rule.LABEL_MISMATCH).add(1, () -> Finding.of(token, build));
            }
        }
    }

    private boolean matches(String label, LabelPattern pattern) {
        long start = nanoTime.getAsLong();
        boolean matches = pattern.matches(label);
        nanosOfLabels += nanoTime.getAsLong() - start;
        return matches;
    }

    /** Evaluates the rule about tokens of the audited build. */
    void own(BuildToken token) {
        if (token.life() == BuildToken.Life.LIVE) {
            String label = DisplayText.cut(token.label(), TokenRow.MAX_TEXT);
            tally(Rule.OWN_TOKEN_LIVE).add(1, () -> new Finding(token.id(), label, token.expiresAt(), null));
        }
    }

    /** Counts live tokens of the audited build beyond those that are kept. */
    void ownUnnamed(long count) {
        if (count > 0) {
            tally(Rule.OWN_TOKEN_LIVE).total += count;
        }
    }

    /** Counts live tokens of builds that are over. */
    void leftBehind(long count) {
        if (count > 0) {
            tally(Rule.LEFT_BY_BUILD).total += count;
        }
    }

    /** Names one of those. */
    void leftBehind(TokenRow row) {
        tally(Rule.LEFT_BY_BUILD).name(() -> new Finding(row.id(), row.label(), row.expiresAt(), row.build()));
    }

    /** Counts live tokens of builds beyond those that are looked up. */
    void unaskedBuilds(long count) {
        tally(Rule.LEFT_BY_BUILD).unchecked += count;
    }

    /**
     * Notes that there may be tokens that were not listed.
     *
     * @param moved whether that is so only because tokens moved while the list was read
     */
    void partial(boolean moved) {
        inPart = moved ? Violation.MOVED_LIST : Violation.PARTIAL_LIST;
    }

    /** The violated rules of a list that was read, the most severe first. */
    List<Violation> verdict(long liveCi) {
        if (liveCi > rules.maxLive()) {
            tally(Rule.TOO_MANY).total = liveCi;
        }
        List<Violation> violations = new ArrayList<>();
        tallies.forEach((rule, tally) -> {
            if (rules.asks(rule) && (tally.total > 0 || tally.unchecked > 0)) {
                violations.add(new Violation(
                        rule,
                        severity(rule, tally),
                        tally.total,
                        tally.unchecked,
                        limit(rule),
                        rule == Rule.LABEL_MISMATCH ? String.valueOf(rules.labels()) : null,
                        tally.named));
            }
        });
        if (inPart != null && rules.asks(Rule.LIST_UNAVAILABLE)) {
            violations.add(listUnavailable(rules, inPart, 0));
        }
        violations.sort(Comparator.comparing(Violation::severity).reversed());
        return violations;
    }

    /** What a description says of builds that were not asked is a claim: it must not break a build. */
    private Severity severity(Rule rule, Tally tally) {
        return rule == Rule.LEFT_BY_BUILD && tally.total == 0 ? Severity.WARN : rules.severity(rule);
    }

    @CheckForNull
    private Integer limit(Rule rule) {
        return switch (rule) {
            case EXPIRES_LATE -> rules.maxDays();
            case TOO_MANY -> rules.maxLive();
            default -> null;
        };
    }

    /** The violated rules where the list could not be read: that it could not, and what is known without it. */
    List<Violation> withoutList(ListFailure failure) {
        List<Violation> violations = new ArrayList<>(verdict(0));
        if (rules.asks(Rule.LIST_UNAVAILABLE)) {
            long known = violations.stream().mapToLong(Violation::total).sum();
            violations.add(listUnavailable(rules, failure.reason(), known));
            violations.sort(Comparator.comparing(Violation::severity).reversed());
        }
        return violations;
    }

    /** @param known how many tokens break another rule nevertheless */
    private static Violation listUnavailable(Rules rules, String why, long known) {
        Severity severity = rules.severity(Rule.LIST_UNAVAILABLE);
        return new Violation(Rule.LIST_UNAVAILABLE, severity, known, 0, null, why, List.of());
    }

    private Tally tally(Rule rule) {
        return tallies.computeIfAbsent(rule, r -> new Tally());
    }

    private static final class Tally {
        private final List<Finding> named = new ArrayList<>();
        private long total;
        private long unchecked;

        private void add(long count, Supplier<Finding> finding) {
            total += count;
            name(finding);
        }

        private void name(Supplier<Finding> finding) {
            if (named.size() < Violation.MAX_FINDINGS) {
                named.add(finding.get());
            }
        }
    }
}
