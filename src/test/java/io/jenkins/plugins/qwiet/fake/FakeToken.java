package io.jenkins.plugins.qwiet.fake;

import java.time.Instant;

/**
 * A token as {@link FakeQwiet} keeps it.
 *
 * @param expiresAt null if it never expires
 */
public record FakeToken(
        String id,
        String label,
        String description,
        String roleId,
        String tokenType,
        Instant expiresAt,
        String value,
        Instant createdAt) {
    boolean isOver(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    @Override
    public String toString() {
        return id + " (" + label + ")";
    }
}
