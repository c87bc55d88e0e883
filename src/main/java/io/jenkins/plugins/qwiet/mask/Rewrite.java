package io.jenkins.plugins.qwiet.mask;

import java.util.function.IntFunction;

/** Rewrites a text character by character, as every escape does. */
final class Rewrite {
    private Rewrite() {}

    /**
     * @param replacement what stands for a code point; null leaves it as it is
     */
    static String each(String text, IntFunction<String> replacement) {
        var rewritten = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            String instead = replacement.apply(c);
            if (instead == null) {
                rewritten.appendCodePoint(c);
            } else {
                rewritten.append(instead);
            }
        }
        return rewritten.toString();
    }

    /** Whether a set of characters, written as a string, has this one. */
    static boolean in(String characters, int codePoint) {
        return characters.indexOf(codePoint) >= 0;
    }
}
