package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Makes texts that other people wrote such that they can be stored. XML knows no half of a surrogate pair, no U+FFFE and
 * no U+FFFF, and control characters only in part; Jenkins could not write a {@code build.xml} or {@code config.xml} with
 * one of them in it any more, nor UTF-8 give a half of a pair back.
 */
public final class StorableText {
    private static final char REPLACEMENT = '\ufffd';

    private StorableText() {}

    /** The same as {@link #of}; null for null. */
    @CheckForNull
    public static String ofNullable(@CheckForNull String text) {
        return text == null ? null : of(text);
    }

    /** The text with U+FFFD in place of each character that cannot be stored. */
    @NonNull
    public static String of(@NonNull String text) {
        StringBuilder stored = null;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            if (!isStorable(codePoint)) {
                if (stored == null) {
                    stored = new StringBuilder(text);
                }
                stored.setCharAt(i, REPLACEMENT);
            }
            i += Character.charCount(codePoint);
        }
        return stored == null ? text : stored.toString();
    }

    private static boolean isStorable(int codePoint) {
        if (codePoint < ' ') {
            return codePoint == '\t' || codePoint == '\n' || codePoint == '\r';
        }
        return codePoint != 0xfffe && codePoint != 0xffff && (codePoint < 0xd800 || codePoint > 0xdfff);
    }
}
