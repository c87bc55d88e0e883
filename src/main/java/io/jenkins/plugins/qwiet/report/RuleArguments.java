package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.LabelPattern;
import io.jenkins.plugins.qwiet.audit.Rule;
import io.jenkins.plugins.qwiet.audit.Rules;
import io.jenkins.plugins.qwiet.audit.Severity;
import io.jenkins.plugins.qwiet.config.TypedNumber;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the step's arguments and turns them into the rules of an audit. A problem is a sentence for the user, null if
 * there is none.
 */
final class RuleArguments {
    private RuleArguments() {}

    /** @throws AbortException if arguments are not valid, with a sentence for each that says which */
    @NonNull
    static Rules of(@NonNull QwietTokenAudit audit) throws AbortException {
        String labels = audit.getLabelPattern();
        Map<Rule, String> written = severities(audit);
        String problems = Stream.concat(
                        written.entrySet().stream()
                                .map(each -> named(name(each.getKey()), SeverityArgument.problem(each.getValue()))),
                        Stream.of(
                                maxDaysProblem(audit),
                                maxLiveProblem(audit),
                                named("labelPattern", patternProblem(labels))))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        if (!problems.isEmpty()) {
            throw new AbortException(problems);
        }
        Map<Rule, Severity> severities = new EnumMap<>(Rule.class);
        written.forEach((rule, severity) -> severities.put(rule, SeverityArgument.of(severity)));
        Integer days = audit.maxDays().number();
        Integer tokens = audit.maxLive().number();
        if (days == null) {
            severities.put(Rule.EXPIRES_LATE, Severity.OFF);
        }
        if (tokens == null) {
            severities.put(Rule.TOO_MANY, Severity.OFF);
        }
        return new Rules(
                severities,
                or(days, Rules.DEFAULT_MAX_DAYS),
                or(tokens, Rules.DEFAULT_MAX_LIVE),
                labels == null ? null : LabelPattern.parse(labels));
    }

    private static Map<Rule, String> severities(QwietTokenAudit audit) {
        Map<Rule, String> written = new EnumMap<>(Rule.class);
        written.put(Rule.OWN_TOKEN_LIVE, audit.getOwnTokenLive());
        written.put(Rule.NEVER_EXPIRES, audit.getNeverExpires());
        written.put(Rule.EXPIRES_LATE, audit.getExpiresLate());
        written.put(Rule.TOO_MANY, audit.getTooMany());
        written.put(Rule.LEFT_BY_BUILD, audit.getLeftByBuild());
        written.put(Rule.LABEL_MISMATCH, audit.getLabelMismatch());
        written.put(Rule.LIST_UNAVAILABLE, audit.getListUnavailable());
        return written;
    }

    /** The name of a rule's argument, such as {@code neverExpires}. */
    @NonNull
    static String name(@NonNull Rule rule) {
        return switch (rule) {
            case OWN_TOKEN_LIVE -> "ownTokenLive";
            case NEVER_EXPIRES -> "neverExpires";
            case EXPIRES_LATE -> "expiresLate";
            case TOO_MANY -> "tooMany";
            case LEFT_BY_BUILD -> "leftByBuild";
            case LABEL_MISMATCH -> "labelMismatch";
            case LIST_UNAVAILABLE -> "listUnavailable";
        };
    }

    private static int or(@CheckForNull Integer limit, int otherwise) {
        return limit == null ? otherwise : limit;
    }

    /** What is wrong with the number of days, with the argument's name. */
    @CheckForNull
    static String maxDaysProblem(@NonNull QwietTokenAudit audit) {
        return named(QwietTokenAudit.MAX_DAYS, limitProblem(audit.maxDays()));
    }

    /** What is wrong with the number of tokens, with the argument's name. */
    @CheckForNull
    static String maxLiveProblem(@NonNull QwietTokenAudit audit) {
        return named(QwietTokenAudit.MAX_LIVE, limitProblem(audit.maxLive()));
    }

    @CheckForNull
    private static String limitProblem(TypedNumber given) {
        return limitProblem(Objects.toString(given.asArgument(), null));
    }

    @CheckForNull
    private static String named(String argument, @CheckForNull String problem) {
        return problem == null ? null : argument + ": " + problem;
    }

    /** What is wrong with a number of days or tokens as a form sends it; blank means no limit. */
    @CheckForNull
    static String limitProblem(@CheckForNull String typed) {
        String text = Util.fixEmptyAndTrim(typed);
        try {
            return text == null || Integer.parseInt(text) >= 0 ? null : Messages.RuleArguments_limit(text);
        } catch (NumberFormatException e) {
            return Messages.RuleArguments_limit(DisplayText.quotable(text));
        }
    }

    /** What is wrong with a pattern for labels; null means any label. */
    @CheckForNull
    static String patternProblem(@CheckForNull String regex) {
        try {
            if (regex != null) {
                LabelPattern.parse(regex);
            }
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
