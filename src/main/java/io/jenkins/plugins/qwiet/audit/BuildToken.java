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
 * @param expiredAt when it died of its age while the build held it; null if that is not known to have happened
 * @param line what those tokens have in common of which each took the place of the one before, while the build held it:
 *     to people they are one; null if nobody knows
 * @param number its place in that line; the first one's is 1
 * @param life what the audit found
 */
public record BuildToken(
        @NonNull String id,
        @NonNull String label,
        @CheckForNull Instant mintedAt,
        @CheckForNull Instant expiresAt,
        @CheckForNull Instant revokedAt,
        @CheckForNull Instant expiredAt,
        @CheckForNull String line,
        int number,
        @NonNull Life life) {

    public BuildToken {
        number = Math.max(1, number);
        id = id == null ? "" : id;
        label = label == null ? "" : label;
        life = life == null ? Life.UNKNOWN : life;
    }

    /** Whether a token can still be used. Names are stored in reports: never rename one. */
    public enum Life {
        /** Qwiet lists it, or does not let Jenkins revoke it, and its time has not come. */
        LIVE,
        /** The same, and an open block or another branch of the build holds it. */
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
        return new BuildToken(id, label, mintedAt, expiresAt, revokedAt, null, null, 1, Life.UNKNOWN);
    }

    /** The same token, as one of a line. */
    @NonNull
    public BuildToken inLine(@NonNull String of, int place) {
        return new BuildToken(id, label, mintedAt, expiresAt, revokedAt, expiredAt, of, place, life);
    }

    /** The same token, if null; otherwise one that died of its age while the build held it. */
    @NonNull
    public BuildToken expired(@CheckForNull Instant at) {
        return new BuildToken(id, label, mintedAt, expiresAt, revokedAt, at, line, number, life);
    }

    /**
     * The same token, of which Jenkins knows that it was not revoked: it lives until its end if no list tells otherwise.
     *
     * @param inUse whether an open block or another branch of the build holds it
     */
    @NonNull
    public BuildToken notRevoked(boolean inUse) {
        return found(inUse ? Life.IN_USE : Life.LIVE);
    }

    BuildToken found(Life found) {
        return new BuildToken(id, label, mintedAt, expiresAt, revokedAt, expiredAt, line, number, found);
    }
}
