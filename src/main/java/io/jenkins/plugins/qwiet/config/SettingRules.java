package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import java.util.regex.Pattern;

/** What makes a setting valid. Each method answers a sentence for a person, or null if nothing is wrong. */
public final class SettingRules {
    /** Seconds. Qwiet would take less, but a build could not start its scan in it. */
    public static final int SHORTEST_VALIDITY = 60;
    /** Seconds: 24 hours. */
    public static final int LONGEST_VALIDITY = 24 * 60 * 60;
    /** Seconds. */
    public static final int LONGEST_TIMEOUT = 600;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private SettingRules() {}

    /** Of an API address. */
    @CheckForNull
    public static String apiAddress(@NonNull String text) {
        try {
            ApiAddress.parse(text);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Of an organization id; null is none. */
    @CheckForNull
    public static String orgId(@CheckForNull String text) {
        return text == null || Organization.isId(text) ? null : Messages.SettingRules_orgId(text);
    }

    /** Of a token's validity in seconds. */
    @CheckForNull
    public static String validity(int seconds) {
        return seconds >= SHORTEST_VALIDITY && seconds <= LONGEST_VALIDITY
                ? null
                : Messages.SettingRules_validity(
                        String.valueOf(seconds), String.valueOf(SHORTEST_VALIDITY), String.valueOf(LONGEST_VALIDITY));
    }

    /** Of a time-out in seconds. */
    @CheckForNull
    public static String timeout(int seconds) {
        return seconds >= 1 && seconds <= LONGEST_TIMEOUT
                ? null
                : Messages.SettingRules_timeout(String.valueOf(seconds), String.valueOf(LONGEST_TIMEOUT));
    }

    /** Of a variable's name. */
    @CheckForNull
    public static String variable(@NonNull String name) {
        return VARIABLE.matcher(name).matches() ? null : Messages.SettingRules_variable(name);
    }

    /** Of the names of the two variables, each by itself valid; null stands for its default. */
    @CheckForNull
    public static String sameVariable(@CheckForNull String variable, @CheckForNull String orgVariable) {
        String ofToken = variable == null ? QwietConfiguration.DEFAULT_VARIABLE : variable;
        String ofOrg = orgVariable == null ? QwietConfiguration.DEFAULT_ORG_VARIABLE : orgVariable;
        return ofToken.equals(ofOrg) ? Messages.SettingRules_sameVariable(ofToken) : null;
    }

    /** The first argument if there is no problem. */
    static <T> T required(T value, @CheckForNull String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return value;
    }
}
