package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import jenkins.security.HMACConfidentialKey;

/**
 * Nonces of leases that only this Jenkins can have made: one half is random, the other its signature. Anybody who may create a
 * token can write a description that looks like one of Jenkins, and is found out by this; not so who copies one.
 */
public final class OwnNonces {
    private static final int BYTES = 8;
    private static final int DIGITS = 2 * BYTES;
    /** Digits of a signature that are right by chance once in 65,536 times. */
    private static final int FEWEST = 4;

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

    /** Whether this Jenkins, or the one whose secret keys it has, made it, or a longer one that begins like this. */
    public static boolean isOwn(@NonNull String nonce) {
        int signed = nonce.length() - DIGITS;
        return signed >= FEWEST
                && signed <= DIGITS
                && MessageDigest.isEqual(
                        bytes(nonce.substring(DIGITS)),
                        bytes(signatureOf(nonce.substring(0, DIGITS)).substring(0, signed)));
    }

    private static String signatureOf(String first) {
        // Cut here: in FIPS mode Jenkins cuts none.
        return KEY.mac(first).substring(0, DIGITS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
