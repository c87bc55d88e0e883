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

    private static final int SHORTEST = 20;
    /** Of what stands behind it, in one run. */
    private static final int MOST_ENDS = 8;

    /** A JSON Web Token begins with this, also right behind an option such as {@code -p}. */
    private static final String BEGINNING = "eyJ";

    private TokenCopies() {}

    /** The text with the living token in place of each copy of an older one of its line. */
    @NonNull
    static String current(@NonNull BuildTokens tokens, @NonNull String text) {
        Matcher runs = RUN.matcher(text);
        return runs.find() ? runs.replaceAll(run -> Matcher.quoteReplacement(ofRun(tokens, run.group()))) : text;
    }

    /** Dots and dashes are part of a token, but may also be what stands before or behind it. */
    private static String ofRun(BuildTokens tokens, String run) {
        int[] starts = {0, run.indexOf(BEGINNING, 1)};
        for (int start : starts) {
            int end = start < 0 ? 0 : run.length();
            for (int tries = 0; tries < MOST_ENDS && end - start >= SHORTEST; tries++) {
                String part = run.substring(start, end);
                TokenRecord copied = of(tokens, part);
                if (copied != null) {
                    return run.substring(0, start) + living(tokens, copied, part) + run.substring(end);
                }
                end--;
                while (end > start && Character.isLetterOrDigit(run.charAt(end))) {
                    end--;
                }
            }
        }
        return run;
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
