package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies of a build's tokens under names of the user's own, as they are or inside of a longer text ({@code Bearer …}): a tool
 * may want them so. They are renewed with their token. What is encoded, or joined to letters and digits, is not found.
 */
final class TokenCopies {
    /** A run of what tokens are made of; any shorter one is none. */
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9._-]{20,}");
    /** A JSON Web Token begins with this, also right behind an option such as {@code -p}. */
    private static final String BEGINNING = "eyJ";

    private TokenCopies() {}

    /** The text with the living token in place of each copy of an older one of its line. */
    @NonNull
    static String current(@NonNull BuildTokens tokens, @NonNull String text) {
        Matcher runs = RUN.matcher(text);
        return runs.find() ? runs.replaceAll(run -> Matcher.quoteReplacement(ofRun(tokens, run.group()))) : text;
    }

    private static String ofRun(BuildTokens tokens, String run) {
        TokenRecord whole = of(tokens, run);
        if (whole != null) {
            return living(tokens, whole, run);
        }
        int start = run.indexOf(BEGINNING, 1);
        String end = start < 0 ? "" : run.substring(start);
        TokenRecord behind = of(tokens, end);
        return behind == null ? run : run.substring(0, start) + living(tokens, behind, end);
    }

    /** Of a line whose variable another token for the rest of the build took, that one's; of one that is over, the copy. */
    private static String living(BuildTokens tokens, TokenRecord copied, String copy) {
        return tokens.current(copied.lineId())
                .or(() -> copied.line().isBound()
                        ? new Owners(tokens.getTokens())
                                .seen(copied.variable()).stream()
                                        .filter(each -> each.holds(copied.variable())
                                                && each.orgId().equals(copied.orgId()))
                                        .findFirst()
                        : Optional.empty())
                .map(each -> each.valueIn(each.variable()))
                .orElse(copy);
    }

    /** The token of which a value is a copy, and remembers that it is asked for; null if it is of none. */
    @CheckForNull
    static TokenRecord of(@NonNull BuildTokens tokens, @CheckForNull String value) {
        TokenRecord copied = value == null ? null : tokens.withValue(value);
        if (copied != null) {
            tokens.askedFor(copied, value);
        }
        return copied;
    }
}
