package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.config.SettingRules;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What makes a step's arguments valid. Each method answers a sentence for a person, or null if nothing is wrong. */
final class RequestRules {
    /** Characters. Qwiet names no limit; longer ones cannot be read in any list. */
    static final int LONGEST_LABEL = 256;
    /** Characters. */
    static final int LONGEST_DESCRIPTION = 2000;

    private RequestRules() {}

    /** The first problem of any argument; null if all are valid. */
    @CheckForNull
    static String firstProblem(@NonNull TokenRequest arguments) {
        return Stream.<Supplier<String>>of(
                        () -> label(arguments.label),
                        () -> description(arguments.description),
                        () -> SettingRules.orgId(arguments.orgId),
                        () -> variable(arguments.variable),
                        () -> variable(arguments.orgVariable),
                        () -> validFor(arguments.validFor))
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @CheckForNull
    static String label(@CheckForNull String label) {
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
    static String description(@CheckForNull String description) {
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

    @CheckForNull
    static String variable(@CheckForNull String name) {
        return name == null ? null : SettingRules.variable(name);
    }

    @CheckForNull
    static String validFor(@CheckForNull Integer seconds) {
        return seconds == null ? null : SettingRules.validity(seconds);
    }
}
