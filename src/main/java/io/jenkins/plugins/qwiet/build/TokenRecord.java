package io.jenkins.plugins.qwiet.build;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import java.time.Instant;

/**
 * What a build remembers of one of its tokens. Immutable. Kept in {@code build.xml}: the value only while it may be of
 * use to somebody, so that it can be hidden, and then encrypted.
 */
public final class TokenRecord {
    private final String nonce;
    private final String id;
    private final String label;
    private final String orgId;
    private final long mintedAt;
    private final long expiresAt;
    private final String variable;
    private final String orgVariable;

    /** Milliseconds; 0 as long as it is not known to be revoked. */
    private final long revokedAt;

    @CheckForNull
    private final String problem;

    @CheckForNull
    private final Secret value;

    private final boolean bound;

    TokenRecord(
            @NonNull IssuedToken token, @NonNull String label, @NonNull Instant mintedAt, @NonNull Instant expiresAt) {
        this(
                token.nonce,
                token.id,
                label,
                token.orgId,
                mintedAt.toEpochMilli(),
                expiresAt.toEpochMilli(),
                token.variable,
                token.orgVariable,
                0,
                null,
                token.value,
                false);
    }

    private TokenRecord(
            String nonce,
            String id,
            String label,
            String orgId,
            long mintedAt,
            long expiresAt,
            String variable,
            String orgVariable,
            long revokedAt,
            String problem,
            Secret value,
            boolean bound) {
        this.nonce = nonce;
        this.id = id;
        this.label = label;
        this.orgId = orgId;
        this.mintedAt = mintedAt;
        this.expiresAt = expiresAt;
        this.variable = variable;
        this.orgVariable = orgVariable;
        this.revokedAt = revokedAt;
        this.problem = problem;
        this.value = value;
        this.bound = bound;
    }

    /** Names its lease. */
    @NonNull
    public String getNonce() {
        return nonce;
    }

    /** By which Qwiet knows it. */
    @NonNull
    public String getId() {
        return id;
    }

    @NonNull
    public String getLabel() {
        return label;
    }

    @NonNull
    public String getOrgId() {
        return orgId;
    }

    @NonNull
    public Instant getMintedAt() {
        return Instant.ofEpochMilli(mintedAt);
    }

    @NonNull
    public Instant getExpiresAt() {
        return Instant.ofEpochMilli(expiresAt);
    }

    /** The variable that held it. */
    @NonNull
    public String getVariable() {
        return variable;
    }

    /** Null as long as it is not known to be revoked. */
    @CheckForNull
    public Instant getRevokedAt() {
        return revokedAt == 0 ? null : Instant.ofEpochMilli(revokedAt);
    }

    /** Why it is not revoked though its use is over; null if nothing is wrong. */
    @CheckForNull
    public String getProblem() {
        return problem;
    }

    String orgVariable() {
        return orgVariable;
    }

    /** To be hidden wherever it would be seen; null once it is revoked, or the build is over. */
    @CheckForNull
    Secret value() {
        return value;
    }

    /** Whether every later step of the running build sees it; a block's token is seen by the block only. */
    boolean isBound() {
        return bound && value != null;
    }

    TokenRecord bind() {
        return with(revokedAt, problem, value, true);
    }

    TokenRecord unbind() {
        return with(revokedAt, problem, value, false);
    }

    TokenRecord forget() {
        return with(revokedAt, problem, null, false);
    }

    TokenRecord revoked(Instant now) {
        return with(now.toEpochMilli(), null, null, false);
    }

    /** Its use is over, but it is still good. */
    TokenRecord notRevoked(String why) {
        return with(revokedAt, why, value, false);
    }

    private TokenRecord with(long newRevokedAt, String newProblem, Secret newValue, boolean nowBound) {
        return new TokenRecord(
                nonce,
                id,
                label,
                orgId,
                mintedAt,
                expiresAt,
                variable,
                orgVariable,
                newRevokedAt,
                newProblem,
                newValue,
                nowBound);
    }
}
