package io.jenkins.plugins.qwiet.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much there is, as something beside a list says it. */
final class Amount {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,15}(?:\\.[0-9]{1,15})?");
    /** A number with a sign or word that it is not exact, or written for people. */
    static final Pattern UNCLEAR =
            Pattern.compile("(?i)(?:[<>=~≥≤]+|about|over|more than|at least|approx\\.?)\\s*[0-9].*|[0-9]+\\s*\\+"
                    + "|[0-9]{1,3}(?:[,' _.][0-9]{3})+");

    /** {@code 0-1/250}, {@code 1-2 of 250}, {@code 2 of 250}: which of how many. */
    static final Pattern OF = Pattern.compile(
            "(?i)[a-z ]*(?:[0-9]{1,15}\\s*(?:-|\\.\\.|to)\\s*)?[0-9]{1,15}\\s*(?:/|of)\\s*([0-9]{1,15})[a-z ]*");

    private Amount() {}

    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    static boolean isUnclear(String text) {
        return UNCLEAR.matcher(text).matches();
    }

    /** 0 for what is no number, and a great one for what is too long to be one. */
    static long of(String text) {
        if (isNumber(text)) {
            return (long) Math.ceil(Double.parseDouble(text));
        }
        Matcher of = OF.matcher(text);
        if (of.matches()) {
            return Long.parseLong(of.group(1));
        }
        return text.matches("[0-9][0-9.eE+]{3,}") ? Long.MAX_VALUE : 0;
    }
}
