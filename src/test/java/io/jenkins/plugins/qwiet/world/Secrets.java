package io.jenkins.plugins.qwiet.world;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What no disk may hold. */
final class Secrets {
    /** With this begins each value and each bearer, and nothing else. */
    static final String MARK = "eyJhbGciOiJIUzI1NiJ9";

    private static final byte[] BYTES = MARK.getBytes(StandardCharsets.US_ASCII);

    private Secrets() {}

    static boolean isIn(byte[] text) {
        for (int i = 0; i + BYTES.length <= text.length; i++) {
            if (text[i] == BYTES[0] && Arrays.equals(text, i, i + BYTES.length, BYTES, 0, BYTES.length)) {
                return true;
            }
        }
        return false;
    }

    /** What is written, behind the end of what is there: a secret may come in two parts. */
    static byte[] joined(byte[] before, byte[] written) {
        int kept = Math.min(before.length, BYTES.length);
        byte[] joined =
                Arrays.copyOf(Arrays.copyOfRange(before, before.length - kept, before.length), kept + written.length);
        System.arraycopy(written, 0, joined, kept, written.length);
        return joined;
    }
}
