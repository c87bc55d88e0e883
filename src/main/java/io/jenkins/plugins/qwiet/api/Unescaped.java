package io.jenkins.plugins.qwiet.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text as it may be read where somebody escaped characters of it, for URLs, HTML, JSON, mail or a shell, once or several
 * times; knows where each character stands in what was written.
 */
final class Unescaped {
    /** Who escapes what is escaped does that seldom more often. */
    private static final int MOST_PASSES = 3;

    /** All in a row, at once: a text of backslashes alone would be gone through from each of them. */
    private static final String BACKSLASHES = "(?<!\\\\)\\\\++";

    private static final Pattern ESCAPE = Pattern.compile(
            "(?:%u|" + BACKSLASHES + "u|u\\+)([0-9a-f]{4})|(?:[%=]|" + BACKSLASHES + "x|0x)([0-9a-f]{2})"
                    + "|(?:&#x|" + BACKSLASHES + "[ux]\\{)0*([0-9a-f]{1,4})[;}]|&#0*([0-9]{1,5});"
                    + "|" + BACKSLASHES + "([0-3][0-7]{2})|&([a-z]{2,8});",
            Pattern.CASE_INSENSITIVE);
    /** Bytes as some programs print them, such as {@code [101, 121, 74]}. */
    private static final Pattern NUMBERS =
            Pattern.compile("(?<![0-9a-z])([0-9]{2,3})(?![0-9a-z])[,;\\s]*", Pattern.CASE_INSENSITIVE);

    /** What a token may have besides letters and digits. */
    private static final Map<String, Character> NAMED = Map.ofEntries(
            Map.entry("lt", '<'),
            Map.entry("gt", '>'),
            Map.entry("plus", '+'),
            Map.entry("sol", '/'),
            Map.entry("equals", '='),
            Map.entry("lowbar", '_'),
            Map.entry("hyphen", '-'),
            Map.entry("dash", '-'),
            Map.entry("minus", '-'),
            Map.entry("period", '.'),
            Map.entry("colon", ':'),
            Map.entry("tilde", '~'),
            Map.entry("amp", '&'),
            Map.entry("num", '#'),
            Map.entry("percnt", '%'),
            Map.entry("bsol", '\\'));

    private final StringBuilder text;
    private final int[] begins;
    private final int[] ends;

    private Unescaped(int most) {
        text = new StringBuilder(most);
        begins = new int[most];
        ends = new int[most];
    }

    /** The text as it is, and each other way to read it. */
    static List<Unescaped> readings(String written) {
        List<Unescaped> readings = new ArrayList<>();
        var read = new Unescaped(written.length());
        for (int i = 0; i < written.length(); i++) {
            read.add(written.charAt(i), i, i + 1);
        }
        readings.add(read);
        for (int pass = 0; pass < MOST_PASSES && ESCAPE.matcher(read.text).find(); pass++) {
            read = read.without(ESCAPE);
            readings.add(read);
        }
        if (NUMBERS.matcher(readings.get(0).text).find()) {
            readings.add(readings.get(0).without(NUMBERS));
        }
        return readings;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    int length() {
        return text.length();
    }

    char at(int i) {
        return text.charAt(i);
    }

    /** Where it begins in what was written. */
    int begin(int i) {
        return begins[i];
    }

    /** Where it ends there. */
    int end(int i) {
        return ends[i];
    }

    boolean isEscaped(int i) {
        return ends[i] - begins[i] > 1;
    }

    private void add(char c, int begin, int end) {
        begins[text.length()] = begin;
        ends[text.length()] = end;
        text.append(c);
    }

    private Unescaped without(Pattern escape) {
        var read = new Unescaped(text.length());
        Matcher found = escape.matcher(text);
        int at = 0;
        while (found.find()) {
            int c = character(found);
            if (c < 0) {
                continue;
            }
            for (; at < found.start(); at++) {
                read.add(text.charAt(at), begins[at], ends[at]);
            }
            read.add((char) c, begins[at], ends[found.end() - 1]);
            at = found.end();
        }
        for (; at < text.length(); at++) {
            read.add(text.charAt(at), begins[at], ends[at]);
        }
        return read;
    }

    /** Negative if it stands for none. */
    private static int character(Matcher found) {
        if (found.pattern() == NUMBERS) {
            int number = Integer.parseInt(found.group(1));
            return number < 128 ? number : -1;
        }
        for (int group = 1; group <= 5; group++) {
            if (found.group(group) != null) {
                int radix = group <= 3 ? 16 : group == 4 ? 10 : 8;
                int number = Integer.parseInt(found.group(group), radix);
                return number <= Character.MAX_VALUE ? number : -1;
            }
        }
        Character named = NAMED.get(found.group(6).toLowerCase(Locale.ROOT));
        return named == null ? -1 : named;
    }
}
