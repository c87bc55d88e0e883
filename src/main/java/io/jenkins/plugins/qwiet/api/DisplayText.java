package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * Shows texts that other people wrote so that they can neither hide, nor break a line, nor reorder what stands beside
 * them, nor drive a terminal: such characters become visible, as in {@code \u202e}. Markup is not touched: escaping it
 * is the business of the page.
 */
public final class DisplayText {
    /** Characters: as long as an id is. */
    private static final int LONGEST_QUOTED = 36;
    /** Characters of what is longer: enough to recognize it, and nothing to use it. */
    private static final int QUOTED = 12;

    private DisplayText() {}

    /** The text on one line, whatever its length. */
    @NonNull
    public static String line(@CheckForNull String text) {
        return line(text, Integer.MAX_VALUE);
    }

    /**
     * The text on one line.
     *
     * @param max characters (code points) of the result, 1 or more; a cut text ends with an ellipsis
     */
    @NonNull
    public static String line(@CheckForNull String text, int max) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        var line = new StringBuilder(Math.min(text.length(), max) + 8);
        int room = max;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            String shown = shows(codePoint) ? Character.toString(codePoint) : escaped(codePoint);
            int width = shown.codePointCount(0, shown.length());
            boolean last = i == text.length();
            if (width > room || width == room && !last) {
                return line.append('…').toString();
            }
            line.append(shown);
            room -= width;
        }
        return line.toString();
    }

    /**
     * The text on one line and in reading order, for a log: each run of characters that break a line, reorder it or drive
     * a terminal becomes a space.
     */
    @NonNull
    static String spaced(@NonNull String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    }

    /** What somebody else wrote as a sentence, fit to stand inside of one of ours, which has a full stop of its own. */
    @NonNull
    public static String clause(@NonNull String sentence) {
        int end = sentence.length();
        while (end > 0 && (sentence.charAt(end - 1) == '.' || Character.isWhitespace(sentence.charAt(end - 1)))) {
            end--;
        }
        return sentence.substring(0, end);
    }

    /**
     * The text, or its beginning and an ellipsis. Nothing is escaped, and no surrogate pair is cut in two.
     *
     * @param max chars (UTF-16 units) of the result, 2 or more
     */
    @NonNull
    public static String cut(@NonNull String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }

    /** What people typed may be a token that was pasted into the wrong field, and the sentence may stand in a build's log. */
    @NonNull
    public static String quotable(@NonNull String typed) {
        return typed.length() <= LONGEST_QUOTED ? typed : cut(typed, QUOTED + 1);
    }

    private static boolean shows(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String escaped(int codePoint) {
        return codePoint <= 0xffff ? String.format("\\u%04x", codePoint) : String.format("\\u{%x}", codePoint);
    }
}
