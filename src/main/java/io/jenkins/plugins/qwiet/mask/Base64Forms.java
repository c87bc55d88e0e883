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
        return forms;
    }

    /** As {@code base64} (76 characters a line), MIME (the same with CRLF) and {@code openssl base64} (64) print it. */
    private static void addWrapped(Set<String> forms, String encoded) {
        addLong(forms, encoded.replaceAll("(.{76})(?=.)", "$1\n"));
        addLong(forms, encoded.replaceAll("(.{76})(?=.)", "$1\r\n"));
        addLong(forms, encoded.replaceAll("(.{64})(?=.)", "$1\n"));
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
