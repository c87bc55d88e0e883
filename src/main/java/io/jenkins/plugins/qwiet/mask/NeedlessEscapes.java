package io.jenkins.plugins.qwiet.mask;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is made of hyphens and underscores by encoders that leave letters and digits only ({@code quotemeta}, Swift's {@code
 * .alphanumerics}), that write for regular expressions, Markdown or LaTeX, or that are cautious ({@code escapejs}). Nearly all
 * signatures have some, and no other character that is escaped.
 */
final class NeedlessEscapes {
    /** Of a hyphen, then of an underscore. */
    private record Style(String hyphen, String underscore) {}

    private static final List<Style> STYLES = List.of(
            new Style("%2D", "%5F"),
            new Style("%2d", "%5f"),
            new Style("\\-", "\\_"),
            new Style("\\u002D", "\\u005F"),
            new Style("\\u002d", "\\u005f"),
            new Style("\\x2D", "\\x5F"),
            new Style("\\x2d", "\\x5f"),
            new Style("\\055", "\\137"),
            new Style("&#45;", "&#95;"),
            new Style("&#x2D;", "&#x5F;"),
            new Style("&#x2d;", "&#x5f;"),
            new Style("=2D", "=5F"));

    private NeedlessEscapes() {}

    /** With hyphens escaped, with underscores, and with both; nothing for a text without them. */
    static Set<String> of(String text) {
        var forms = new LinkedHashSet<String>();
        for (Style style : STYLES) {
            String hyphens = text.replace("-", style.hyphen);
            forms.add(hyphens);
            forms.add(text.replace("_", style.underscore));
            forms.add(hyphens.replace("_", style.underscore));
        }
        forms.remove(text);
        return forms;
    }
}
