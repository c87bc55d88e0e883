package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which rules are asked, and what it means when one is broken.
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
    /** Days a CI token may have left, unless somebody says otherwise. */
    public static final int DEFAULT_MAX_DAYS = 30;
    /** CI tokens that may be live at once, unless somebody says otherwise. */
    public static final int DEFAULT_MAX_LIVE = 100;
    /** No rule is asked. */
    public static final Rules NONE = new Rules(Map.of(), DEFAULT_MAX_DAYS, DEFAULT_MAX_LIVE, null);

    /** @throws IllegalArgumentException for a negative number */
    public Rules {
        if (maxDays < 0 || maxLive < 0) {
            throw new IllegalArgumentException("A limit of the audit's rules is negative.");
        }
        Map<Rule, Severity> copy = new EnumMap<>(Rule.class);
        copy.putAll(severities);
        severities = Collections.unmodifiableMap(copy);
    }

    /** What a broken rule means; {@link Severity#OFF} if it is not asked. */
    @NonNull
    public Severity severity(@NonNull Rule rule) {
        if (rule == Rule.LABEL_MISMATCH && labels == null) {
            return Severity.OFF;
        }
        return severities.getOrDefault(rule, Severity.OFF);
    }

    /** Whether a rule is asked at all. */
    public boolean asks(@NonNull Rule rule) {
        return severity(rule) != Severity.OFF;
    }
}
