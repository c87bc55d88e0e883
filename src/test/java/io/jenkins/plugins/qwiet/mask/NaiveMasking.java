package io.jenkins.plugins.qwiet.mask;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collection;

/** What masking means, as slowly and plainly as it can be said: the oracle of the tests. */
final class NaiveMasking {
    private NaiveMasking() {}

    /** Each run of overlapping hits becomes {@code stars}; all else is copied. */
    static byte[] hide(byte[] text, Collection<byte[]> forms, byte[] stars) {
        var out = new ByteArrayOutputStream();
        int hidden = 0;
        for (int i = 0; i < text.length; i++) {
            int hit = longestHit(text, i, forms);
            if (hit > 0) {
                if (i >= hidden) {
                    out.writeBytes(stars);
                }
                hidden = Math.max(hidden, i + hit);
            }
            if (i >= hidden) {
                out.write(text[i]);
            }
        }
        return out.toByteArray();
    }

    static boolean contains(byte[] text, byte[] form) {
        for (int i = 0; i + form.length <= text.length; i++) {
            if (startsAt(text, i, form)) {
                return true;
            }
        }
        return false;
    }

    private static int longestHit(byte[] text, int at, Collection<byte[]> forms) {
        int longest = 0;
        for (byte[] form : forms) {
            if (form.length > longest && startsAt(text, at, form)) {
                longest = form.length;
            }
        }
        return longest;
    }

    private static boolean startsAt(byte[] text, int at, byte[] form) {
        return at + form.length <= text.length && Arrays.equals(text, at, at + form.length, form, 0, form.length);
    }
}
