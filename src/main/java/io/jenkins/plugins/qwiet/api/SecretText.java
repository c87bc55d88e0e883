package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be seen: a bearer, a token's value, a proxy's password. It cannot be serialized, and every way
 * of printing it by accident prints {@code ****}. Immutable, safe on any thread.
 */
public final class SecretText {
    private final String plain;

    private SecretText(String plain) {
        this.plain = plain;
    }

    /** Wraps a text. Never null; may be empty. */
    @NonNull
    public static SecretText of(@NonNull String plain) {
        return new SecretText(plain);
    }

    /** The text itself, for the one place that sends it, hides it or hands it to a process. */
    @NonNull
    public String reveal() {
        return plain;
    }

    /** Whether there is nothing but white space in it. */
    public boolean isBlank() {
        return plain.isBlank();
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || other instanceof SecretText that
                        && MessageDigest.isEqual(
                                plain.getBytes(StandardCharsets.UTF_8), that.plain.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return plain.hashCode();
    }

    @Override
    public String toString() {
        return "****";
    }
}
