package io.jenkins.plugins.qwiet.lint;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A place in Java code that asks for a text.
 *
 * @param key as it stands in the properties file
 * @param arguments how many are given
 */
record MessageCall(String key, int arguments) {
    private static final Pattern CALL = Pattern.compile("\\bMessages\\.(\\w+?)_(\\w+)\\(");

    /** Those in code that has no comments and no contents of strings any more. */
    static List<MessageCall> in(String code) {
        return CALL.matcher(code).results().map(found -> of(found, code)).toList();
    }

    private static MessageCall of(MatchResult found, String code) {
        int depth = 1;
        int commas = 0;
        int at = found.end();
        for (; depth > 0; at++) {
            char c = code.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 1) {
                commas++;
            }
        }
        boolean none = code.substring(found.end(), at - 1).isBlank();
        return new MessageCall(found.group(1) + "." + found.group(2), none ? 0 : commas + 1);
    }
}
