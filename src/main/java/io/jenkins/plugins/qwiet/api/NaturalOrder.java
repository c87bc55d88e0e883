package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serial;
import java.io.Serializable;
import java.util.Comparator;

/**
 * The order in which people count: digits are compared as the number that they are, however long, and all else in any case, one
 * character after the other. Texts that differ in nothing but case or leading zeros are equal.
 */
public final class NaturalOrder implements Comparator<String>, Serializable {
    /** The only one. */
    public static final Comparator<String> INSTANCE = new NaturalOrder();

    @Serial
    private static final long serialVersionUID = 1;

    private NaturalOrder() {}

    @Override
    public int compare(@NonNull String one, @NonNull String two) {
        int i = 0;
        int j = 0;
        while (i < one.length() && j < two.length()) {
            int order;
            if (isDigit(one.charAt(i)) && isDigit(two.charAt(j))) {
                i = beginOfNumber(one, i);
                j = beginOfNumber(two, j);
                int endOfOne = endOfNumber(one, i);
                int endOfTwo = endOfNumber(two, j);
                order = endOfOne - i == endOfTwo - j
                        ? one.substring(i, endOfOne).compareTo(two.substring(j, endOfTwo))
                        : Integer.compare(endOfOne - i, endOfTwo - j);
                i = endOfOne;
                j = endOfTwo;
            } else {
                order = Character.compare(folded(one.charAt(i++)), folded(two.charAt(j++)));
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.length() - i, two.length() - j);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** As {@link String#CASE_INSENSITIVE_ORDER} does it. */
    private static char folded(char c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }

    /** Behind leading zeros; a zero has no digits. */
    private static int beginOfNumber(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static int endOfNumber(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
