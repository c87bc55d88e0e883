package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import jenkins.security.HMACConfidentialKey;

/**
 * Nonces of leases that only this Jenkins can have made: one half is random, the other its signature. Anybody who may create a
 * token can write a description that looks like one of Jenkins, and is found out by this; not so who copies one.
 */
public final class OwnNonces {
    private static final int BYTES = 8;
    private static final int DIGITS = 2 * BYTES;
    /** With digits of a signature that are right by chance once in 65,536 times. */
    private static final Pattern ENOUGH = Pattern.compile("[0-9a-f]{" + (DIGITS + 4) + "}");

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HMACConfidentialKey KEY = new HMACConfidentialKey(OwnNonces.class, "nonces");

    private OwnNonces() {}

    /** One that was never there before: 32 hexadecimal digits. */
    @NonNull
    public static String next() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        String first = HexFormat.of().formatHex(random);
        return first + signatureOf(first);
    }

    /** Whether this Jenkins, or the one whose secret keys it has, made it. */
    public static boolean isOwn(@NonNull String nonce) {
        return nonce.length() == 2 * DIGITS && beginning(nonce).equals(nonce);
    }

    /**
     * What a text begins with of a nonce that this Jenkins made, or the one whose secret keys it has: all of it, or a part that
     * chance seldom makes. Empty if it begins with none.
     */
    @NonNull
    public static String beginning(@NonNull String text) {
        if (!ENOUGH.matcher(text).lookingAt()) {
            return "";
        }
        String first = text.substring(0, DIGITS);
        String beginning = first + signatureOf(first);
        while (!text.startsWith(beginning)) {
            beginning = beginning.substring(0, beginning.length() - 1);
        }
        return ENOUGH.matcher(beginning).lookingAt() ? beginning : "";
    }

    private static String signatureOf(String first) {
        // Cut here: in FIPS mode Jenkins cuts none.
        return KEY.mac(first).substring(0, DIGITS);
    }
}
