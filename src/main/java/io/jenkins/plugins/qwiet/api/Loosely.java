package io.jenkins.plugins.qwiet.api;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a text may say where nobody can tell in which of its characters: letters of another width, with tags between them, or
 * as numbers of any base, however these are written.
 */
final class Loosely {
    private static final Pattern TAG = Pattern.compile("<[^<>]{0,200}>");
    private static final Pattern WORD_ENDS = Pattern.compile("[^a-z0-9]+");
    /** What says of which base a number is. */
    private static final Pattern BASE = Pattern.compile("^(?:0[xob]|[xuobdh](?=[0-9a-f]))|(?<=[0-9a-f])[hod]$");

    private static final int[] BASES = {16, 10, 8, 2};

    private Loosely() {}

    /** Each way to read it. */
    static List<String> readings(String text) {
        List<String> readings = new ArrayList<>();
        List<Unescaped> unescaped = Unescaped.readings(text);
        for (Unescaped each : unescaped) {
            String read = each.toString();
            readings.add(plain(TAG.matcher(read).replaceAll("")));
            readings.add(plain(read));
        }
        String[] words = WORD_ENDS.split(plain(text).toLowerCase(Locale.ROOT));
        for (int base : BASES) {
            readings.add(numbers(words, base));
        }
        return readings;
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    private static String numbers(String[] words, int base) {
        var text = new StringBuilder();
        for (String word : words) {
            int number = number(word, base);
            if (number < 0) {
                number = number(BASE.matcher(word).replaceAll(""), base);
            }
            if (number > ' ' && number < 0x7f) {
                text.append((char) number);
            }
        }
        return text.toString();
    }

    /** Negative if it is none. */
    private static int number(String word, int base) {
        if (word.isEmpty() || word.length() > 12 || word.chars().anyMatch(c -> Character.digit(c, base) < 0)) {
            return -1;
        }
        long number = Long.parseLong(word, base);
        return number < 0x7f ? (int) number : -1;
    }
}
