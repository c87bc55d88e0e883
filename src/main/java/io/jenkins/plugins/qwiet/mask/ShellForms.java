package io.jenkins.plugins.qwiet.mask;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What shells make of a secret when they print it so that they could read it again ({@code set -x}, {@code printf %q}),
 * or after they took away a level of quoting.
 *
 * <p>Covers what credentials-binding's Bash, Almquist shell, batch and dollar factories cover.
 */
final class ShellForms {
    private static final Pattern QUOTE_RUN = Pattern.compile("'+");
    private static final String CONTROLS = "\u0007\b\t\n\u000b\f\r\u001b";
    private static final String CONTROL_ESCAPES = "abtnvfrE";

    private ShellForms() {}

    /** The form for all secrets. The quotes belong to it, or they would tell that there is something to quote. */
    static String inQuotes(String secret) {
        return "'" + inBashQuotes(secret) + "'";
    }

    /** The other forms. A secret of letters, digits, dots, hyphens and underscores has none but itself. */
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        forms.add(inBashQuotes(secret));
        forms.add(unescape(secret, '\\'));
        forms.add(unescape(secret, '^'));
        forms.add(secret.replace("$", "$$"));
        forms.add(QUOTE_RUN.matcher(secret).replaceAll("'\"$0\"'"));
        forms.add(backslashed(secret, "\"$`\\"));
        forms.add(backslashed(secret, " \"$`\\'!#&()*;<>?[]^{|}~,"));
        forms.add(ansiC(secret, 0x10FFFF));
        forms.add(ansiC(secret, 0x7E));
        return forms;
    }

    private static String inBashQuotes(String secret) {
        return secret.replace("'", "'\\''");
    }

    /** Takes each escape character away, but for one that is itself escaped. */
    private static String unescape(String secret, char escape) {
        String quoted = Pattern.quote(String.valueOf(escape));
        return secret.replaceAll(quoted + "(" + quoted + "?)", "$1");
    }

    private static String backslashed(String secret, String special) {
        return SecretForms.rewrite(secret, c -> SecretForms.in(special, c) ? "\\" + Character.toString(c) : null);
    }

    /** The inside of {@code $'...'}, with which Bash quotes what holds control characters. */
    private static String ansiC(String secret, int lastPlain) {
        return SecretForms.rewrite(secret, c -> {
            if (c == '\'' || c == '\\') {
                return "\\" + Character.toString(c);
            }
            int control = CONTROLS.indexOf(c);
            if (control >= 0) {
                return "\\" + CONTROL_ESCAPES.charAt(control);
            }
            return c < ' ' || c == 0x7F || c > lastPlain ? SecretForms.eachByte(c, "\\%03o") : null;
        });
    }
}
