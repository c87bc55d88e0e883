package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What Base64 makes of a secret, alone or in the midst of a longer text, such as {@code user:secret} of a Basic
 * {@code Authorization} header.
 *
 * <p>Three bytes become four characters, so there are three ways in which a secret can fall into that grid. Characters
 * at its edges mix bits of the secret with bits of the neighbours; only those in between are always the same, and are
 * looked for.
 */
final class Base64Forms {
    /** Credentials-binding does not know these cuts, so nothing obliges us to hide the very short ones. */
    private static final int SHORTEST_OWN_CUT = 8;

    /** What the command {@code base64} puts on a line. */
    private static final int CHARACTERS_A_LINE = 76;

    private static final int BYTES_A_LINE = 57;

    private Base64Forms() {}

    /** Every form, in the standard and in the URL alphabet, of the secret's UTF-8 bytes. */
    static Set<String> of(String secret) {
        var forms = new LinkedHashSet<String>();
        for (int before = 0; before < 3; before++) {
            String padded = encode("a".repeat(before) + secret);
            String unpadded = padded.replace("=", "");
            // The last character before the padding is settled only if nothing follows the secret.
            String settled = unpadded.substring(0, unpadded.length() - (padded.endsWith("=") ? 1 : 0));

            // Credentials-binding begins here, at most one character later than it could.
            int begin = 2 * before;
            forms.add(padded.substring(begin));
            forms.add(cut(settled, begin));

            int firstPure = (8 * before + 5) / 6;
            addLong(forms, padded.substring(firstPure));
            addLong(forms, cut(unpadded, firstPure));
            addLong(forms, cut(settled, firstPure));
            addLong(forms, cut(unpadded, begin));
            if (before == 0) {
                addWrapped(forms, padded);
                addWrapped(forms, settled);
            }
        }
        var urlForms = forms.stream()
                .map(form -> form.replace('+', '-').replace('/', '_'))
                .toList();
        forms.addAll(urlForms);
        addInMidstOfLines(forms, secret);
        return forms;
    }

    /**
     * As {@code base64} prints a longer text with a secret in it, such as {@code user:secret}: the line's end can fall
     * anywhere in it. Shorter secrets than a line are left out: most of the time there is no line's end in them. A few
     * characters before the first line's end are left out too: every other line that ends with them would have to be held
     * back until the next one begins.
     */
    private static void addInMidstOfLines(Set<String> forms, String secret) {
        int length = secret.getBytes(StandardCharsets.UTF_8).length;
        for (int before = 1; before < BYTES_A_LINE && length >= BYTES_A_LINE; before++) {
            String encoded = encode("a".repeat(before) + secret);
            int firstPure = (8 * before + 5) / 6;
            String lines = wrapped(encoded.substring(0, 8 * (before + length) / 6), CHARACTERS_A_LINE, "\n");
            String form = lines.substring(firstPure + firstPure / CHARACTERS_A_LINE);
            int firstLine = form.indexOf('\n');
            forms.add(firstLine < SHORTEST_OWN_CUT ? form.substring(firstLine + 1) : form);
        }
    }

    /** As {@code base64} (76 characters a line), MIME (the same with CRLF) and {@code openssl base64} (64) print it. */
    private static void addWrapped(Set<String> forms, String encoded) {
        addLong(forms, wrapped(encoded, CHARACTERS_A_LINE, "\n"));
        addLong(forms, wrapped(encoded, CHARACTERS_A_LINE, "\r\n"));
        addLong(forms, wrapped(encoded, 64, "\n"));
    }

    private static String wrapped(String encoded, int charactersALine, String lineEnd) {
        var lines = new StringBuilder(encoded);
        for (int at = (encoded.length() - 1) / charactersALine * charactersALine; at > 0; at -= charactersALine) {
            lines.insert(at, lineEnd);
        }
        return lines.toString();
    }

    private static void addLong(Set<String> forms, String form) {
        if (form.length() >= SHORTEST_OWN_CUT) {
            forms.add(form);
        }
    }

    private static String cut(String encoded, int begin) {
        return encoded.substring(Math.min(begin, encoded.length()));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
