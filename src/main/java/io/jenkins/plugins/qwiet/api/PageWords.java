package io.jenkins.plugins.qwiet.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a value beside a list says. */
final class PageWords {
    private static final Set<String> NOTHING = Set.of("", "false", "null", "none", "0", "0.0", "-1", "no");
    private static final Set<String> NO = Set.of("false", "no", "0");
    static final Pattern CUT = Pattern.compile("(?i).*(?:truncat|partial|incomplete|more (?:results|items|tokens)"
            + "|(?<!un)limited to|capped at|cut off|only (?:the )?first).*");
    /** Of a sentence that says that all went well. Any other word may say what is missing. */
    private static final Set<String> ALL_IS_WELL = Set.of(
            "",
            "ok",
            "okay",
            "success",
            "successful",
            "successfully",
            "succeeded",
            "complete",
            "completed",
            "done",
            "true",
            "fine",
            "active",
            "request",
            "operation",
            "processed",
            "token",
            "tokens",
            "list",
            "listed",
            "of",
            "the",
            "your",
            "was",
            "were",
            "is",
            "are",
            "has",
            "have",
            "been",
            "retrieved",
            "fetched",
            "returned",
            "found",
            "loaded",
            "read",
            "all",
            "organization",
            "200",
            "0");

    private PageWords() {}

    /** Whether it is no false, empty or missing one. */
    static boolean saySo(String text) {
        boolean negative = text.startsWith("-") && Amount.isNumber(text);
        return !negative && !NOTHING.contains(text.toLowerCase(Locale.ROOT));
    }

    static boolean sayNo(String text) {
        return NO.contains(text.toLowerCase(Locale.ROOT));
    }

    static boolean sayCut(String text) {
        return CUT.matcher(text).matches();
    }

    static boolean sayAllIsWell(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
                .allMatch(ALL_IS_WELL::contains);
    }
}
