package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Copies of a build's tokens under names of the user's own, as they are or inside of a longer text ({@code Bearer …}): a tool
 * may want them so. They are renewed with their token. What is encoded, or joined to letters and digits, is not found.
 */
final class TokenCopies {
    /** A run of what tokens are made of; any shorter one is none. */
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9._-]{20,}");

    /** A JSON Web Token has three parts (RFC 7519), and may stand right behind an option such as {@code -p}. */
    private static final Pattern JSON_WEB_TOKEN =
            Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private static final int SHORTEST = 20;
    /** Of what stands behind it, in one run. */
    private static final int MOST_ENDS = 16;

    private TokenCopies() {}

    /** The text with the living token in place of each copy of an older one of its line. */
    @NonNull
    static String current(@NonNull BuildTokens tokens, @NonNull String text) {
        return current(tokens, text, ignored -> {});
    }

    /** @param over is told of each token of which there is a copy, but no living one */
    @NonNull
    static String current(@NonNull BuildTokens tokens, @NonNull String text, @NonNull Consumer<TokenRecord> over) {
        Matcher runs = RUN.matcher(text);
        return runs.find() ? runs.replaceAll(run -> Matcher.quoteReplacement(ofRun(tokens, run.group(), over))) : text;
    }

    private static String ofRun(BuildTokens tokens, String run, Consumer<TokenRecord> over) {
        var text = new StringBuilder();
        int done = 0;
        int start = 0;
        while (start >= 0) {
            int end = endOfCopy(tokens, run, start);
            if (end > start) {
                String copy = run.substring(start, end);
                text.append(run, done, start).append(living(tokens, copy, over));
                done = end;
            }
            start = run.indexOf("eyJ", Math.max(end, start + 1));
        }
        return text.append(run.substring(done)).toString();
    }

    /** Dots and dashes are part of a token, but may also be what stands before or behind it. Zero if there is none. */
    private static int endOfCopy(BuildTokens tokens, String run, int start) {
        Matcher shape = JSON_WEB_TOKEN.matcher(run).region(start, run.length());
        int end = shape.lookingAt() ? shape.end() : run.length();
        for (int tries = 0; tries < MOST_ENDS && end - start >= SHORTEST; tries++) {
            if (of(tokens, run.substring(start, end)) != null) {
                return end;
            }
            end--;
            while (end > start && Character.isLetterOrDigit(run.charAt(end))) {
                end--;
            }
        }
        return 0;
    }

    /** Of a line whose variable another token for the rest of the build took, that one's; of one that is over, the copy. */
    private static String living(BuildTokens tokens, String copy, Consumer<TokenRecord> over) {
        TokenRecord copied = Objects.requireNonNull(tokens.withValue(copy));
        Optional<TokenRecord> living = tokens.current(copied.lineId())
                .or(() -> copied.line().isBound()
                        ? new Owners(tokens.getTokens())
                                .seen(copied.variable()).stream()
                                        .filter(each -> each.holds(copied.variable())
                                                && each.orgId().equals(copied.orgId()))
                                        .findFirst()
                        : Optional.empty());
        if (living.isEmpty()) {
            over.accept(copied);
        }
        return living.map(each -> each.valueIn(each.variable())).orElse(copy);
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
