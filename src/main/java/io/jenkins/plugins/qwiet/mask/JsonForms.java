package io.jenkins.plugins.qwiet.mask;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What JSON writers make of a secret; the same escapes serve JavaScript, Java and most C-like languages. */
final class JsonForms {
    /** What families of writers escape beyond what JSON demands, so that JSON can stand inside HTML. */
    private static final List<String> ALSO_ESCAPED = List.of(
            "",
            "<>&", // Go
            "<>&'", // Flask, Django
            "<>&'=", // Gson
            "<>&'\"", // PHP's JSON_HEX_*
            "<>&'\"+`"); // .NET

    private static final String SHORT_ESCAPED = "\"\\\n\r\t\b\f";
    private static final String SHORT_ESCAPES = "\"\\nrtbf";

    private JsonForms() {}

    /** Every form, with upper and lower-case hexadecimal digits, non-ASCII as it is and escaped, {@code /} in three ways. */
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        for (String also : ALSO_ESCAPED) {
            for (String hex : List.of("\\u%04x", "\\u%04X")) {
                for (String slash : List.of("/", "\\/", String.format(hex, (int) '/'))) {
                    forms.add(escape(secret, also, 0x10FFFF, hex, slash));
                    forms.add(escape(secret, also, 0x7E, hex, slash));
                }
            }
        }
        return forms;
    }

    private static String escape(String secret, String also, int lastPlain, String hex, String slash) {
        return SecretForms.rewrite(secret, c -> {
            if (c == '/') {
                return slash;
            }
            if (c > lastPlain || SecretForms.in(also, c)) {
                return inHex(c, hex);
            }
            int known = SHORT_ESCAPED.indexOf(c);
            if (known >= 0) {
                return "\\" + SHORT_ESCAPES.charAt(known);
            }
            return c < ' ' ? inHex(c, hex) : null;
        });
    }

    /** One escape for each UTF-16 unit, as JSON has it. */
    private static String inHex(int codePoint, String hex) {
        return Character.toString(codePoint)
                .chars()
                .mapToObj(unit -> String.format(hex, unit))
                .collect(Collectors.joining());
    }
}
