package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.config.SettingRules;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What makes a request for a token valid. Each method answers a sentence for a person, or null if nothing is wrong. */
public final class RequestRules {
    /** Characters. Qwiet names no limit; longer ones cannot be read in any list. */
    static final int LONGEST_LABEL = 256;
    /** Characters. */
    static final int LONGEST_DESCRIPTION = 2000;

    private RequestRules() {}

    /** What is wrong with the arguments, all of it; null if all are valid. */
    @CheckForNull
    static String problems(@NonNull TokenRequest request) {
        String problems = Stream.of(
                        named("label", label(request.label)),
                        named("description", description(request.description)),
                        named("orgId", SettingRules.orgId(request.orgId)),
                        named("variable", SettingRules.variable(request.variable)),
                        named("orgVariable", SettingRules.variable(request.orgVariable)),
                        named("validFor", request.lifetime().problem()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        return problems.isEmpty() ? null : problems;
    }

    @CheckForNull
    private static String named(String argument, @CheckForNull String problem) {
        return problem == null ? null : argument + ": " + problem;
    }

    @CheckForNull
    public static String label(@CheckForNull String label) {
        if (label == null) {
            return null;
        } else if (label.length() > LONGEST_LABEL) {
            return Messages.RequestRules_labelTooLong(String.valueOf(label.length()), String.valueOf(LONGEST_LABEL));
        } else if (label.chars().anyMatch(Character::isISOControl)) {
            return Messages.RequestRules_labelControl();
        }
        return null;
    }

    @CheckForNull
    public static String description(@CheckForNull String description) {
        if (description == null) {
            return null;
        } else if (description.length() > LONGEST_DESCRIPTION) {
            return Messages.RequestRules_descriptionTooLong(
                    String.valueOf(description.length()), String.valueOf(LONGEST_DESCRIPTION));
        } else if (description.chars().anyMatch(c -> Character.isISOControl(c) && "\r\n\t".indexOf(c) < 0)) {
            return Messages.RequestRules_descriptionControl();
        }
        return null;
    }
}
