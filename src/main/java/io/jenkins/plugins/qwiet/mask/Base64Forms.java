package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.Charset;
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

            int firstPure = firstPure(before);
            addLong(forms, padded.substring(firstPure));
            addLong(forms, cut(unpadded, firstPure));
            addLong(forms, cut(settled, firstPure));
            addLong(forms, cut(unpadded, begin));
        }
        return inBothAlphabets(forms);
    }

    /** Only the characters that are the same whatever stands before and behind the secret. */
    static Set<String> settledOf(String secret) {
        return settledOf(secret, StandardCharsets.UTF_8);
    }

    /**
     * The same of UTF-16, in which PowerShell and Windows have texts ({@code -EncodedCommand}). What is little-endian there
     * is big-endian one byte later, but for the zero at its beginning.
     */
    static Set<String> ofUtf16(String secret) {
        return settledOf(secret, StandardCharsets.UTF_16LE);
    }

    private static Set<String> settledOf(String secret, Charset charset) {
        byte[] bytes = secret.getBytes(charset);
        // The last byte of a text that is little-endian is not one of a text that is big-endian.
        int length = charset.equals(StandardCharsets.UTF_8) ? bytes.length : bytes.length - 1;
        var forms = new LinkedHashSet<String>();
        for (int before = 0; before < 3; before++) {
            byte[] text = new byte[before + length];
            System.arraycopy(bytes, 0, text, before, length);
            String encoded = Base64.getEncoder().encodeToString(text);
            addLong(forms, encoded.substring(firstPure(before), Math.max(firstPure(before), 8 * text.length / 6)));
        }
        return inBothAlphabets(forms);
    }

    private static Set<String> inBothAlphabets(Set<String> forms) {
        var both = new LinkedHashSet<>(forms);
        forms.forEach(form -> both.add(form.replace('+', '-').replace('/', '_')));
        return both;
    }

    private static int firstPure(int before) {
        return (8 * before + 5) / 6;
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
