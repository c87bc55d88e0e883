package io.jenkins.plugins.qwiet.lease;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/** Names leases: 128 random bits, as 32 lower-case hexadecimal digits. Safe on any thread. */
public final class Nonces implements Supplier<String> {
    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String get() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
