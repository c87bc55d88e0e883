package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is known about one token that was or will be made for a build: all but its value. Immutable; each step of its
 * life is a new record.
 *
 * @param nonce names the lease, its file and its token; lower-case letters, digits and hyphens
 * @param label the token's, as people see it in Qwiet
 * @param organization whose token it is
 * @param credentialsId of the service account that mints and revokes
 * @param buildId what Jenkins knows the build by, also after a restart ({@code Run.getExternalizableId()})
 * @param buildUrl for people
 * @param openedAt when the intent was written
 * @param expiresAt when Qwiet ends the token by itself; for an intent the latest moment that could be
 * @param tokenId what Qwiet knows the token by; null as long as this is an intent
 * @param releasedAt since when nobody uses the token, even if its build runs on; null as long as somebody may
 * @param lastError why it could not be revoked the last time; null if nothing went wrong
 * @param failingSince when that began; null if nothing went wrong
 * @param unrevocable whether Qwiet said that the service account may not revoke it (403), so that it is left to expire
 */
public record Lease(
        @NonNull String nonce,
        @NonNull String label,
        @NonNull Organization organization,
        @NonNull String credentialsId,
        @NonNull String buildId,
        @NonNull String buildUrl,
        @NonNull Instant openedAt,
        @NonNull Instant expiresAt,
        @CheckForNull String tokenId,
        @CheckForNull Instant releasedAt,
        @CheckForNull String lastError,
        @CheckForNull Instant failingSince,
        boolean unrevocable) {

    /** Where in its life a lease is. */
    public enum State {
        /** A token was, is being or will be asked for; whether there is one is not known yet. */
        INTENT,
        /** A token exists, and its build may be using it. */
        LIVE,
        /** Nobody uses the token any more; it is to be revoked. */
        RELEASED,
        /** It may not be revoked; it ends when it expires. */
        UNREVOCABLE
    }

    // Upper case is left out: some file systems would take two nonces for one file.
    private static final Pattern FILE_SAFE = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int LONGEST_ERROR = 500;

    /** @throws IllegalArgumentException if the nonce could not be the name of a file */
    public Lease {
        if (!FILE_SAFE.matcher(nonce).matches()) {
            throw new IllegalArgumentException("not a nonce: " + nonce);
        }
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(organization, "organization");
        Objects.requireNonNull(credentialsId, "credentialsId");
        Objects.requireNonNull(buildId, "buildId");
        Objects.requireNonNull(buildUrl, "buildUrl");
        Objects.requireNonNull(openedAt, "openedAt");
        Objects.requireNonNull(expiresAt, "expiresAt");
    }

    /** Derived from the other parts. */
    @NonNull
    public State state() {
        if (unrevocable) {
            return State.UNREVOCABLE;
        } else if (tokenId == null) {
            return State.INTENT;
        } else {
            return releasedAt == null ? State.LIVE : State.RELEASED;
        }
    }

    static Lease intent(String nonce, MintRequest order, Organization organization, Instant now, Instant latestExpiry) {
        return new Lease(
                nonce,
                order.label(),
                organization,
                order.credentialsId(),
                order.buildId(),
                order.buildUrl(),
                now,
                latestExpiry,
                null,
                null,
                null,
                null,
                false);
    }

    Lease minted(String id, Instant expiry) {
        return with(expiry, id, releasedAt, lastError, failingSince, unrevocable);
    }

    Lease released(Instant now) {
        return releasedAt != null ? this : with(expiresAt, tokenId, now, lastError, failingSince, unrevocable);
    }

    Lease failed(String reason, Instant now) {
        return with(
                expiresAt,
                tokenId,
                releasedAt,
                shortened(reason),
                failingSince == null ? now : failingSince,
                unrevocable);
    }

    /** After its job got another name or place. */
    Lease ofBuild(String newBuildId) {
        return new Lease(
                nonce,
                label,
                organization,
                credentialsId,
                newBuildId,
                buildUrl,
                openedAt,
                expiresAt,
                tokenId,
                releasedAt,
                lastError,
                failingSince,
                unrevocable);
    }

    Lease recovered() {
        return failingSince == null ? this : with(expiresAt, tokenId, releasedAt, null, null, unrevocable);
    }

    Lease notAllowed(String reason) {
        // Not failing: nothing will be tried again, so nothing goes on failing.
        return with(expiresAt, tokenId, releasedAt, shortened(reason), null, true);
    }

    private Lease with(
            Instant expiry, String id, Instant released, String error, Instant failing, boolean leftToExpire) {
        return new Lease(
                nonce,
                label,
                organization,
                credentialsId,
                buildId,
                buildUrl,
                openedAt,
                expiry,
                id,
                released,
                error,
                failing,
                leftToExpire);
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_ERROR ? reason : reason.substring(0, LONGEST_ERROR - 1) + "…";
    }
}
