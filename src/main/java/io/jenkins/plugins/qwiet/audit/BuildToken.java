package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/**
 * A token of the audited build, and its life.
 *
 * @param id empty if Qwiet never told it
 * @param label as it was minted
 * @param mintedAt null if only the list tells of this token
 * @param expiresAt null if nobody knows
 * @param revokedAt when this Jenkins revoked it; null if it did not
 * @param life what the audit found
 */
public record BuildToken(
        @NonNull String id,
        @NonNull String label,
        @CheckForNull Instant mintedAt,
        @CheckForNull Instant expiresAt,
        @CheckForNull Instant revokedAt,
        @NonNull Life life) {

    public BuildToken {
        id = id == null ? "" : id;
        label = label == null ? "" : label;
        life = life == null ? Life.UNKNOWN : life;
    }

    /** Whether a token can still be used. Names are stored in reports: never rename one. */
    public enum Life {
        /** Qwiet lists it, and its time has not come. */
        LIVE,
        /** Qwiet lists it, and an open block or another branch of the build holds it. */
        IN_USE,
        /** This Jenkins revoked it. */
        REVOKED,
        /** Its time is over. */
        EXPIRED,
        /** Qwiet does not list it, though this Jenkins did not revoke it. */
        GONE,
        /** The list could not be read. */
        UNKNOWN
    }

    /** A token as the build's record knows it, before the list is seen. */
    @NonNull
    public static BuildToken recorded(
            @NonNull String id,
            @NonNull String label,
            @CheckForNull Instant mintedAt,
            @CheckForNull Instant expiresAt,
            @CheckForNull Instant revokedAt) {
        return new BuildToken(id, label, mintedAt, expiresAt, revokedAt, Life.UNKNOWN);
    }

    BuildToken found(Life found) {
        return new BuildToken(id, label, mintedAt, expiresAt, revokedAt, found);
    }
}
