package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A CI token that was just made. Qwiet shows the value this once and never again.
 *
 * @param id by which it can be revoked
 * @param value what a build needs
 * @param end when Qwiet ends it by itself, as far as it said
 */
public record MintedToken(
        @NonNull String id,
        @NonNull SecretText value,
        @NonNull End end) {}
