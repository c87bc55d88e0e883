package io.jenkins.plugins.qwiet.lint;

import java.nio.file.Path;
import java.util.ArrayList;
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

    private static final Pattern OF_TEXTS = Pattern.compile("\\bTEXTS\\.get\\(");
    private static final Pattern KEY = Pattern.compile("\"([A-Z]\\w*\\.[a-z]\\w*)\"");

    /** Those in code that has no comments and no contents of strings any more. */
    static List<MessageCall> in(String code) {
        return CALL.matcher(code).results().map(found -> of(found, code)).toList();
    }

    /** Those of a room that has no {@code Messages}, as far as the call itself has the key, or a choice of keys. */
    static List<MessageCall> ofTexts(JavaSource source) {
        return OF_TEXTS.matcher(source.code())
                .results()
                .flatMap(found -> {
                    List<String> arguments = arguments(source, found.end());
                    return KEY.matcher(arguments.get(0))
                            .results()
                            .map(key -> new MessageCall(key.group(1), arguments.size() - 1));
                })
                .toList();
    }

    private static MessageCall of(MatchResult found, String code) {
        List<String> arguments = arguments(new JavaSource(Path.of(""), code, code), found.end());
        boolean none = arguments.size() == 1 && arguments.get(0).isBlank();
        return new MessageCall(found.group(1) + "." + found.group(2), none ? 0 : arguments.size());
    }

    /** @param begin right behind the parenthesis of a call */
    private static List<String> arguments(JavaSource source, int begin) {
        var arguments = new ArrayList<String>();
        int depth = 1;
        int from = begin;
        for (int at = begin; depth > 0; at++) {
            char c = source.code().charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
            if (depth == 0 || c == ',' && depth == 1) {
                arguments.add(source.text().substring(from, at));
                from = at + 1;
            }
        }
        return arguments;
    }
}
