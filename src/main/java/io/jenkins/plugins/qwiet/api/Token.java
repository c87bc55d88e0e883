package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * A token as Qwiet lists it: everything but the value.
 *
 * @param id by which it can be revoked
 * @param label empty if it has none
 * @param description empty if it has none
 * @param roleId empty if Qwiet did not say
 * @param tokenType {@code access} for CI tokens, {@code integration} for the others; empty if Qwiet did not say
 * @param expiresAt null for a token that never expires, or whose end is unknown
 * @param endUnknown whether Qwiet named an end in a form that is not understood
 */
public record Token(
        @NonNull String id,
        @NonNull String label,
        @NonNull String description,
        @NonNull String roleId,
        @NonNull String tokenType,
        @CheckForNull Instant expiresAt,
        boolean endUnknown) {
    /** Whose end is known. */
    public Token(
            @NonNull String id,
            @NonNull String label,
            @NonNull String description,
            @NonNull String roleId,
            @NonNull String tokenType,
            @CheckForNull Instant expiresAt) {
        this(id, label, description, roleId, tokenType, expiresAt, false);
    }

    /** When Qwiet ends it by itself, as far as it said. */
    @NonNull
    public End end() {
        return End.of(expiresAt, endUnknown);
    }

    /** Whether Qwiet named no end. */
    public boolean neverExpires() {
        return expiresAt == null && !endUnknown;
    }
}
