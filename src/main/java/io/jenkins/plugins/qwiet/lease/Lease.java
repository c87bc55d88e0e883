package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What is known about one token that was or will be made for a build: all but its value. Immutable; each step of its
 * life is a new record.
 *
 * <p>Its id, its release and its failure are independent of each other: an intent can be released (given up), and a token
 * that was not released can fail to be revoked. {@link State} is the short form that people see.
 *
 * @param identity what was known before Qwiet was asked
 * @param end when Qwiet said that it ends the token by itself; unknown of an intent
 * @param tokenId what Qwiet knows the token by; null as long as this is an intent
 * @param releasedAt since when the token is no longer used, even if its build runs on; null as long as it may be
 * @param failure what went wrong when it was to be revoked; null if nothing did
 */
public record Lease(
        @NonNull Identity identity,
        @NonNull End end,
        @CheckForNull String tokenId,
        @CheckForNull Instant releasedAt,
        @CheckForNull Failure failure) {

    /** Where in its life a lease is. */
    public enum State {
        /** A token was, is being or will be asked for; whether there is one is not known yet. */
        INTENT,
        /** A token exists, and its build may be using it. */
        LIVE,
        /** The token is no longer used; it is to be revoked. */
        RELEASED,
        /** Qwiet says that the service account may not revoke it; Jenkins asks again, at least once an hour. */
        UNREVOCABLE
    }

    /**
     * What a lease is from the beginning.
     *
     * @param nonce names the lease, its file and its token; lower-case letters, digits and hyphens
     * @param label the token's, as people see it in Qwiet
     * @param organization whose token it is
     * @param account that mints and revokes
     * @param buildId what Jenkins knows the build by, also after a restart ({@code Run.getExternalizableId()})
     * @param buildUrl for people
     * @param openedAt when the intent was written
     */
    public record Identity(
            @NonNull String nonce,
            @NonNull String label,
            @NonNull Organization organization,
            @NonNull Account account,
            @NonNull String buildId,
            @NonNull String buildUrl,
            @NonNull Instant openedAt) {
        // Upper case is left out: some file systems would take two nonces for one file.
        private static final Pattern FILE_SAFE = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

        /** @throws IllegalArgumentException if the nonce could not be the name of a file */
        public Identity {
            if (!FILE_SAFE.matcher(nonce).matches()) {
                throw new IllegalArgumentException("not a nonce: " + nonce);
            }
        }
    }

    /**
     * Why a token could not be revoked.
     *
     * @param reason of the last time, in words for a person; a long one is cut
     * @param since when that began
     * @param unrevocable whether Qwiet said the last time that the service account may not do it (403); it is tried again
     *     slowly, as somebody may allow it
     * @param openFor how long Jenkins has seen Qwiet's lists leave open whether there is the token; by no clock that can be set, and
     *     without the time in which no Jenkins ran
     */
    public record Failure(
            @NonNull String reason,
            @NonNull Instant since,
            boolean unrevocable,
            @NonNull Duration openFor) {
        private static final int LONGEST_REASON = 500;

        /** Of which no list left anything open. */
        public Failure(@NonNull String reason, @NonNull Instant since, boolean unrevocable) {
            this(reason, since, unrevocable, Duration.ZERO);
        }

        public Failure {
            reason = DisplayText.cut(reason, LONGEST_REASON);
        }
    }

    static Lease intent(String nonce, MintRequest mint, Organization organization, Instant now) {
        var identity =
                new Identity(nonce, mint.label(), organization, mint.account(), mint.buildId(), mint.buildUrl(), now);
        return new Lease(identity, End.UNKNOWN, null, null, null);
    }

    /** As in {@link Identity}; so are the six after it. */
    @NonNull
    public String nonce() {
        return identity.nonce();
    }

    @NonNull
    public String label() {
        return identity.label();
    }

    @NonNull
    public Organization organization() {
        return identity.organization();
    }

    @NonNull
    public Account account() {
        return identity.account();
    }

    @NonNull
    public String buildId() {
        return identity.buildId();
    }

    /** The full name of its job, which for a configuration of a matrix is one of its own; empty if that is hidden. */
    @NonNull
    public String job() {
        int number = buildId().lastIndexOf('#');
        return number < 0 ? buildId() : buildId().substring(0, number);
    }

    @NonNull
    public String buildUrl() {
        return identity.buildUrl();
    }

    @NonNull
    public Instant openedAt() {
        return identity.openedAt();
    }

    /** When Qwiet ends it by itself; null if it named no end, or nobody knows. */
    @CheckForNull
    public Instant expiresAt() {
        return end.at();
    }

    /** Why it could not be revoked the last time; null if nothing went wrong. */
    @CheckForNull
    public String lastError() {
        return failure == null ? null : failure.reason();
    }

    /** Since when revoking it has failed; null if nothing went wrong. */
    @CheckForNull
    public Instant failingSince() {
        return failure == null ? null : failure.since();
    }

    /** How long Jenkins has seen Qwiet's lists leave open whether there is the token. */
    Duration openFor() {
        return failure == null ? Duration.ZERO : failure.openFor();
    }

    /** Whether Qwiet said the last time that the service account may not revoke it (403). */
    public boolean unrevocable() {
        return failure != null && failure.unrevocable();
    }

    /** Derived from the other parts. */
    @NonNull
    public State state() {
        if (unrevocable()) {
            return State.UNREVOCABLE;
        } else if (tokenId == null) {
            return State.INTENT;
        }
        return releasedAt == null ? State.LIVE : State.RELEASED;
    }

    Lease minted(String id, End said) {
        return new Lease(identity, said, id, releasedAt, failure);
    }

    Lease released(Instant now) {
        return releasedAt != null ? this : new Lease(identity, end, tokenId, now, failure);
    }

    Lease failed(String reason, Instant now) {
        return failed(reason, now, false, openFor());
    }

    /** Qwiet said 403. */
    Lease notAllowed(String reason, Instant now) {
        return failed(reason, now, true, openFor());
    }

    /**
     * Qwiet's list left open whether there is the token.
     *
     * @param more time in which it did
     */
    Lease leftOpen(String reason, Instant now, Duration more) {
        return failed(reason, now, false, openFor().plus(more));
    }

    private Lease failed(String reason, Instant now, boolean unrevocable, Duration openFor) {
        // What is said to begin in the future was said by a clock that was ahead.
        Instant since = failure == null || failure.since().isAfter(now) ? now : failure.since();
        return with(new Failure(reason, since, unrevocable, openFor));
    }

    Lease recovered() {
        return failure == null ? this : with(null);
    }

    /** After its token was gone: there is another one. */
    Lease reopened(Instant now) {
        return new Lease(identity, End.UNKNOWN, null, releasedAt == null ? now : releasedAt, null);
    }

    /** After its token was gone, as something said: it is there. */
    Lease stillThere(Instant now) {
        return new Lease(identity, End.UNKNOWN, tokenId, releasedAt == null ? now : releasedAt, null);
    }

    private Lease with(Failure now) {
        return new Lease(identity, end, tokenId, releasedAt, now);
    }

    /** After an item got another name or place; the same lease if neither its job nor its account is in that item. */
    Lease moved(String from, String to) {
        String id = buildId();
        boolean concerned =
                id.startsWith(from) && id.length() > from.length() && "#/".indexOf(id.charAt(from.length())) >= 0;
        var moved = account().moved(from, to);
        return concerned || !moved.equals(account())
                ? with(moved, concerned ? to + id.substring(from.length()) : id)
                : this;
    }

    /**
     * The same without what tells of its build or its account: for people who may not see the job.
     *
     * @param reason what takes the place of why it failed, which may name any of these, also in Qwiet's words
     */
    @NonNull
    public Lease anonymous(@NonNull String reason) {
        var anonymous = new Identity(nonce(), "", organization(), Account.ofJenkins(""), "", "", openedAt());
        Failure unnamed =
                failure == null ? null : new Failure(reason, failure.since(), failure.unrevocable(), Duration.ZERO);
        return new Lease(anonymous, end, tokenId, releasedAt, unnamed);
    }

    /** The same for the build and account of another, which may have been moved. */
    Lease where(Lease other) {
        return with(other.account(), other.buildId());
    }

    Lease ofBuild(String newBuildId) {
        return with(account(), newBuildId);
    }

    private Lease with(Account newAccount, String newBuildId) {
        var moved = new Identity(nonce(), label(), organization(), newAccount, newBuildId, buildUrl(), openedAt());
        return new Lease(moved, end, tokenId, releasedAt, failure);
    }
}
