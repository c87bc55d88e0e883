package io.jenkins.plugins.qwiet.mask;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the percent-encodings of URLs and web forms make of a secret. */
final class UrlForms {
    /** What each family of encoders leaves as it is, besides ASCII letters and digits. */
    private static final List<String> LEFT_ALONE = List.of(
            "-_.", // the strictest encoders
            "-_.*", // java.net.URLEncoder, web forms
            "-_.~", // RFC 3986
            "-_.~/", // Python's quote
            "-_.!~*'()", // JavaScript's encodeURIComponent
            "-_.!~*'();/?:@&=+$,#"); // JavaScript's encodeURI

    private UrlForms() {}

    /** Every form, with upper and lower-case hexadecimal digits, a space as {@code +} and as {@code %20}. */
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        for (String leftAlone : LEFT_ALONE) {
            for (String hex : List.of("%%%02X", "%%%02x")) {
                for (String space : List.of("+", "%20")) {
                    forms.add(encode(secret, leftAlone, hex, space));
                }
            }
        }
        return forms;
    }

    private static String encode(String secret, String leftAlone, String hex, String space) {
        return SecretForms.rewrite(secret, c -> {
            if (c == ' ') {
                return space;
            }
            boolean alone = c < 0x80 && Character.isLetterOrDigit(c) || SecretForms.in(leftAlone, c);
            return alone ? null : SecretForms.eachByte(c, hex);
        });
    }
}
