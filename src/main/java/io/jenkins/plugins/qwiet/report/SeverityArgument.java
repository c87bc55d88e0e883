package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.StorableText;
import io.jenkins.plugins.qwiet.audit.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link Severity} as people write it, in any case; what is none is kept, and said by the build. */
final class SeverityArgument {
    private SeverityArgument() {}

    /** The name of the severity that is meant, or else the text as it was written; null if it is blank. */
    @CheckForNull
    static String stored(@CheckForNull String written) {
        String text = StorableText.ofNullable(Util.fixEmptyAndTrim(written));
        return text == null ? null : meant(text).map(Severity::name).orElse(text);
    }

    /** What is meant by a text without a {@link #problem}. */
    @NonNull
    static Severity of(@NonNull String stored) {
        return meant(stored).orElseThrow();
    }

    /** A sentence with all that is possible; null if it is one of them. */
    @CheckForNull
    static String problem(@NonNull String stored) {
        return meant(stored).isPresent()
                ? null
                : Messages.SeverityArgument_unknown(
                        DisplayText.quotable(stored), names().collect(Collectors.joining(", ")));
    }

    /** What a form offers beside the text that is stored: that one too, as what it does not offer it would change. */
    @NonNull
    static List<String> choices(@NonNull String stored) {
        return Stream.concat(names(), Stream.of(stored)).distinct().toList();
    }

    private static Stream<String> names() {
        return Arrays.stream(Severity.values()).map(Severity::name);
    }

    private static Optional<Severity> meant(String written) {
        String name = written.toUpperCase(Locale.ROOT);
        return Arrays.stream(Severity.values())
                .filter(severity -> severity.name().equals(name))
                .findFirst();
    }
}
