package io.jenkins.plugins.qwiet.api;

import java.util.Locale;
import java.util.Set;
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

    /** Beside digits, in what says which of how many, or how many. */
    private static final String SIGNS = ",.'()/+~[]-–";

    private static final Set<String> MANY = Set.of("many", "more", "several", "unknown", "*");

    private Amount() {}

    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** Whether it is nothing, an address, or says how much there is in a way that can be read: anything else may say more. */
    static boolean isClear(String text) {
        return !PageWords.saySo(text) || isNumber(text) || OF.matcher(text).matches() || Links.isAddress(text);
    }

    /** Whether it says how much there is, or that there is more, but not in a way that can be read. */
    static boolean isUnclear(String text) {
        if (UNCLEAR.matcher(text).matches()) {
            return true;
        } else if (isClear(text) || text.contains("://")) {
            return false;
        }
        boolean digit = text.codePoints().anyMatch(Character::isDigit);
        return MANY.contains(text.toLowerCase(Locale.ROOT))
                || text.indexOf('*') >= 0
                || digit && (text.indexOf(' ') >= 0 || text.indexOf('=') >= 0 || isLikeNumbers(text));
    }

    private static boolean isLikeNumbers(String text) {
        return text.codePoints()
                .allMatch(c -> Character.isDigit(c) || Character.isWhitespace(c) || SIGNS.indexOf(c) >= 0);
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
