package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The rules to evaluate, and the severity of each.
 *
 * @param severities a rule that is not in it is off
 * @param maxDays for {@link Rule#EXPIRES_LATE}: days from now, zero or more
 * @param maxLive for {@link Rule#TOO_MANY}: tokens, zero or more
 * @param labels for {@link Rule#LABEL_MISMATCH}; while null that rule is off
 */
public record Rules(
        @NonNull Map<Rule, Severity> severities,
        int maxDays,
        int maxLive,
        @CheckForNull LabelPattern labels) {
    /** Default for {@link #maxDays}. */
    public static final int DEFAULT_MAX_DAYS = 30;
    /** Default for {@link #maxLive}. */
    public static final int DEFAULT_MAX_LIVE = 100;
    /** Evaluates no rule. */
    public static final Rules NONE = new Rules(Map.of(), DEFAULT_MAX_DAYS, DEFAULT_MAX_LIVE, null);

    /** @throws IllegalArgumentException for a negative number */
    public Rules {
        if (maxDays < 0 || maxLive < 0) {
            throw new IllegalArgumentException("a negative limit: " + maxDays + ", " + maxLive);
        }
        Map<Rule, Severity> copy = new EnumMap<>(Rule.class);
        copy.putAll(severities);
        severities = Collections.unmodifiableMap(copy);
    }

    /** The severity of a rule; {@link Severity#OFF} if it is not evaluated. */
    @NonNull
    public Severity severity(@NonNull Rule rule) {
        if (rule == Rule.LABEL_MISMATCH && labels == null) {
            return Severity.OFF;
        }
        return severities.getOrDefault(rule, Severity.OFF);
    }

    /** Whether a rule is evaluated. */
    public boolean asks(@NonNull Rule rule) {
        return severity(rule) != Severity.OFF;
    }
}
