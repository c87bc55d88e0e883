package io.jenkins.plugins.qwiet.mask;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What XML and HTML writers make of a secret. */
final class XmlForms {
    /** What families of writers escape: text only, attributes, both, and the cautious ones. */
    private static final List<String> ESCAPED =
            List.of("&<", "&<>", "&<\"", "&<>\"", "&<>\"'", "&<>\"'/", "&<>\"'/`=", "&<>\"'+");

    private static final Map<Integer, String> NAMED =
            Map.of((int) '&', "&amp;", (int) '<', "&lt;", (int) '>', "&gt;", (int) '"', "&quot;");

    /** {@code %1$s} is the name, or a number where XML has none; the rest spell the number. */
    private record Style(String apostrophe, String number, boolean names) {
        private String reference(int c) {
            if (c == '\'') {
                return apostrophe;
            }
            return names && NAMED.containsKey(c) ? NAMED.get(c) : String.format(number, c);
        }
    }

    private static final List<Style> STYLES = List.of(
            new Style("&apos;", "&#%d;", true),
            new Style("&#39;", "&#%d;", true),
            new Style("&#039;", "&#%03d;", true),
            new Style("&#x27;", "&#x%x;", true),
            new Style("&#x27;", "&#x%X;", true),
            new Style("&#39;", "&#%d;", false),
            new Style("&#x27;", "&#x%x;", false),
            new Style("&#x27;", "&#x%X;", false));

    /** Go names {@code & < >}, and numbers quotes. */
    private static final Map<Integer, String> GO =
            Map.of((int) '&', "&amp;", (int) '<', "&lt;", (int) '>', "&gt;", (int) '"', "&#34;", (int) '\'', "&#39;");

    private XmlForms() {}

    /** Every form, with references by name, in decimal and in hexadecimal, non-ASCII as it is and escaped. */
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        forms.add(SecretForms.rewrite(secret, GO::get));
        for (String escaped : ESCAPED) {
            for (Style style : STYLES) {
                forms.add(escape(secret, escaped, 0x10FFFF, style));
                forms.add(escape(secret, escaped, 0x7E, style));
            }
        }
        return forms;
    }

    private static String escape(String secret, String escaped, int lastPlain, Style style) {
        return SecretForms.rewrite(
                secret, c -> c > lastPlain || SecretForms.in(escaped, c) ? style.reference(c) : null);
    }
}
