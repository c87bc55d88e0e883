package io.jenkins.plugins.qwiet.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.Organization;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

    /** For an API address; null is the default. */
    @CheckForNull
    public static String apiAddress(@CheckForNull String text) {
        try {
            if (text != null) {
                ApiAddress.parse(text);
            }
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** For an organization id; null is none. */
    @CheckForNull
    public static String orgId(@CheckForNull String text) {
        return text == null || Organization.isId(text) ? null : Messages.SettingRules_orgId(DisplayText.quotable(text));
    }

    /** For an organization id in a job's form, as typed: blank is none, and a variable may stand in it. */
    @CheckForNull
    public static String typedOrgId(@CheckForNull String text) {
        return text != null && text.contains("${") ? null : orgId(Util.fixEmptyAndTrim(text));
    }

    /** Whether a token can be valid for so many seconds. */
    static boolean isValidity(int seconds) {
        return seconds >= SHORTEST_VALIDITY && seconds <= LONGEST_VALIDITY;
    }

    /** What is possible instead. */
    @NonNull
    static String noValidity(@NonNull String written) {
        return Messages.SettingRules_validity(
                written, String.valueOf(SHORTEST_VALIDITY), String.valueOf(LONGEST_VALIDITY));
    }

    /** For a time-out in seconds. */
    @CheckForNull
    public static String timeout(int seconds) {
        return seconds >= 1 && seconds <= LONGEST_TIMEOUT
                ? null
                : Messages.SettingRules_timeout(String.valueOf(seconds), String.valueOf(LONGEST_TIMEOUT));
    }

    /** For a number of seconds as typed in a form, and what else is asked of it. */
    @CheckForNull
    public static String typedSeconds(@CheckForNull String text, @NonNull Function<Integer, String> rule) {
        try {
            return rule.apply(Integer.valueOf(Util.fixNull(text).trim()));
        } catch (NumberFormatException e) {
            return Messages.SettingRules_number(DisplayText.quotable(Util.fixNull(text)));
        }
    }

    /** For the name of a variable; null is the default. */
    @CheckForNull
    public static String variable(@CheckForNull String name) {
        if (name == null) {
            return null;
        } else if (!VARIABLE.matcher(name).matches()) {
            return Messages.SettingRules_variable(DisplayText.quotable(name));
        }
        return ReservedVariables.contain(name) ? Messages.SettingRules_reservedVariable(name) : null;
    }

    /** For the names of the two variables, each by itself valid; null stands for its default. */
    @CheckForNull
    public static String sameVariable(@CheckForNull String variable, @CheckForNull String orgVariable) {
        String ofToken = variable == null ? QwietConfiguration.DEFAULT_VARIABLE : variable;
        String ofOrg = orgVariable == null ? QwietConfiguration.DEFAULT_ORG_VARIABLE : orgVariable;
        return ofToken.equalsIgnoreCase(ofOrg) ? Messages.SettingRules_sameVariable(ofToken) : null;
    }

    /** For the name of the variable that holds the host of Qwiet, beside the two others; blank is none. */
    @CheckForNull
    public static String apiHostVariable(
            @CheckForNull String name, @CheckForNull String variable, @CheckForNull String orgVariable) {
        String trimmed = Util.fixEmptyAndTrim(name);
        if (trimmed == null) {
            return null;
        }
        String problem = variable(trimmed);
        boolean taken = trimmed.equalsIgnoreCase(Util.fixEmptyAndTrim(variable))
                || trimmed.equalsIgnoreCase(Util.fixEmptyAndTrim(orgVariable));
        return problem != null || !taken ? problem : Messages.SettingRules_takenVariable(trimmed);
    }

    /** Of all settings as they are stored: the first problem. */
    @CheckForNull
    static String firstProblem(@NonNull QwietConfiguration stored) {
        String address = apiAddress(Util.fixNull(stored.getApiAddress()));
        return Stream.<Supplier<String>>of(
                        () -> address == null
                                ? null
                                : Messages.QwietConfiguration_storedAddress(stored.getApiAddress(), address),
                        () -> orgId(stored.getOrgId()),
                        () -> Lifetime.of(stored.getValidity()).problem(),
                        () -> variable(Util.fixNull(stored.getVariable())),
                        () -> variable(Util.fixNull(stored.getOrgVariable())),
                        () -> sameVariable(stored.getVariable(), stored.getOrgVariable()),
                        () -> apiHostVariable(
                                stored.getApiHostVariable(), stored.getVariable(), stored.getOrgVariable()),
                        () -> timeout(stored.getConnectTimeout()),
                        () -> timeout(stored.getCallTimeout()))
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The first argument if there is no problem. */
    static <T> T required(T value, @CheckForNull String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return value;
    }
}
