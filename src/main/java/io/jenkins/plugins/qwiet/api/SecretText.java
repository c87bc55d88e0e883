package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;

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

    /** Not in constant time: it is compared with others that this process keeps, never with what somebody sent. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretText that && plain.equals(that.plain);
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
