package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * A CI token that was just made. Qwiet shows the value this once and never again.
 *
 * @param id by which it can be revoked
 * @param value what a build needs
 * @param expiresAt when Qwiet ends it by itself; null if it did not say, or in a way that cannot be
 *     understood: then nobody knows, and it may be never
 */
public record MintedToken(
        @NonNull String id,
        @NonNull SecretText value,
        @CheckForNull Instant expiresAt) {}
