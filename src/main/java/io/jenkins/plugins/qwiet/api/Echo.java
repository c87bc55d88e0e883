package io.jenkins.plugins.qwiet.api;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds a secret in what the other side wrote, however it came back: whole or in part, with blanks and line breaks added,
 * taken away or changed, in another case, escaped. Only letters and digits are compared.
 */
final class Echo {
    /** So many letters and digits of a secret are a part of it, rather than chance. */
    private static final int PART = 12;

    private final String shown;
    private final Set<String> parts = new HashSet<>();
    private final int length;

    Echo(SecretText secret) {
        shown = secret.toString();
        String plain = plain(secret.reveal());
        length = Math.min(PART, plain.length());
        for (int i = 0; length > 0 && i + length <= plain.length(); i++) {
            parts.add(plain.substring(i, i + length));
        }
    }

    /** The text with {@code ****} in place of what is of the secret. Takes time in proportion to its length. */
    String hiddenIn(String text) {
        String plain = plain(text);
        if (length == 0 || plain.length() < length) {
            return text;
        }
        var hidden = new boolean[plain.length()];
        boolean any = false;
        for (int i = 0; i + length <= plain.length(); i++) {
            if (parts.contains(plain.substring(i, i + length))) {
                Arrays.fill(hidden, i, i + length, true);
                any = true;
            }
        }
        return any ? without(text, hidden) : text;
    }

    private String without(String text, boolean[] hidden) {
        var left = new StringBuilder(text.length());
        // What stands between hidden letters is of the secret too.
        var between = new StringBuilder();
        boolean inside = false;
        int letter = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPlain(c)) {
                (inside ? between : left).append(c);
            } else if (hidden[letter++]) {
                left.append(inside ? "" : shown);
                between.setLength(0);
                inside = true;
            } else {
                left.append(between).append(c);
                between.setLength(0);
                inside = false;
            }
        }
        return left.append(between).toString();
    }

    private static String plain(String text) {
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (isPlain(text.charAt(i))) {
                plain.append(Character.toLowerCase(text.charAt(i)));
            }
        }
        return plain.toString();
    }

    private static boolean isPlain(char c) {
        return c < 0x80 && Character.isLetterOrDigit(c);
    }
}
