package io.jenkins.plugins.qwiet.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
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
        String text = secret.reveal();
        length = Math.min(PART, plain(text).length());
        forms(text).forEach(form -> {
            String plain = plain(form);
            for (int i = 0; length > 0 && i + length <= plain.length(); i++) {
                parts.add(plain.substring(i, i + length));
            }
        });
    }

    /** All that may come back, apart from escapes, which are undone where they stand ({@link Unescaped}). */
    private static List<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        List<String> forms = new ArrayList<>(List.of(secret));
        if (plain(secret).length() < PART) {
            // Its escapes have parts that are in any text.
            return forms;
        }
        forms.add(HexFormat.of().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            String base64 = Base64.getEncoder().encodeToString(shifted);
            // But for the characters that depend on what stands beside it.
            forms.add(base64.substring(before == 0 ? 0 : 4, base64.length() - 4));
        }
        return forms;
    }

    /** The text with {@code ****} in place of what is of the secret. Takes time in proportion to its length. */
    String hiddenIn(String text) {
        if (length == 0) {
            return text;
        }
        var hidden = new boolean[text.length()];
        boolean any = false;
        for (Unescaped read : Unescaped.readings(text)) {
            any |= find(read, hidden);
        }
        String left = any ? without(text, wholeWords(text, ofLetters(text, hidden))) : text;
        // Where it stands cannot be told, so nothing is shown.
        return Loosely.readings(left).stream().anyMatch(this::holdsPart) ? shown : left;
    }

    private boolean holdsPart(String reading) {
        String plain = plain(reading);
        for (int i = 0; i + length <= plain.length(); i++) {
            if (parts.contains(plain.substring(i, i + length))) {
                return true;
            }
        }
        return false;
    }

    /** Notes where in the text that was read some of the secret stands. */
    private boolean find(Unescaped read, boolean[] hidden) {
        var letters = new int[read.length()];
        var plain = new StringBuilder(read.length());
        for (int i = 0; i < read.length(); i++) {
            if (isPlain(read.at(i))) {
                letters[plain.length()] = i;
                plain.append(Character.toLowerCase(read.at(i)));
            }
        }
        boolean any = false;
        for (int i = 0; i + length <= plain.length(); i++) {
            if (parts.contains(plain.substring(i, i + length))) {
                int last = letters[i + length - 1];
                // Such as the escaped padding of Base64.
                while (last + 1 < read.length() && read.isEscaped(last + 1) && !isPlain(read.at(last + 1))) {
                    last++;
                }
                Arrays.fill(hidden, read.begin(letters[i]), read.end(last), true);
                any = true;
            }
        }
        return any;
    }

    private static boolean[] ofLetters(String text, boolean[] hidden) {
        var ofLetters = new boolean[text.length()];
        int letter = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isPlain(text.charAt(i))) {
                ofLetters[letter++] = hidden[i];
            }
        }
        return ofLetters;
    }

    /** What stands beside it in one word may be of it, too: in Base64, the word before it shares a letter with it. */
    private static boolean[] wholeWords(String text, boolean[] hidden) {
        int letter = 0;
        int begin = 0;
        boolean any = false;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isPlain(text.charAt(i))) {
                any |= hidden[letter++];
            } else {
                if (any) {
                    Arrays.fill(hidden, begin, letter, true);
                }
                begin = letter;
                any = false;
            }
        }
        return hidden;
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
