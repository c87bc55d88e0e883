package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A CI token that was just made. Qwiet shows the value this once and never again.
 *
 * @param id by which it can be revoked
 * @param value what a build needs
 * @param end when Qwiet ends it by itself, as far as it said
 * @param description as the answer says it, which may be another one than was sent; null if it says none
 */
public record MintedToken(
        @NonNull String id,
        @NonNull SecretText value,
        @NonNull End end,
        @CheckForNull String description) {
    /** Of which the answer says no description. */
    public MintedToken(@NonNull String id, @NonNull SecretText value, @NonNull End end) {
        this(id, value, end, null);
    }
}
