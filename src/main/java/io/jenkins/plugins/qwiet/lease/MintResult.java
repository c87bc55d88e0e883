package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.Outcome;

/** What became of a {@link MintRequest}. */
public sealed interface MintResult {
    /**
     * There is a token, and its id is on disk.
     *
     * @param lease to be given back with {@link Leasing#revoke}
     * @param token with the value that Qwiet shows this once
     */
    record Minted(@NonNull Lease lease, @NonNull MintedToken token) implements MintResult {}

    /**
     * Qwiet said no. There is no token, and no lease.
     *
     * @param answer in Qwiet's words
     */
    record Refused(@NonNull Outcome.Refused<MintedToken> answer) implements MintResult {}

    /**
     * Qwiet could not be used. Nothing was sent, or what it made of it was found and revoked; then the lease stays until
     * the {@link Janitor} has looked for its nonce once more.
     *
     * @param reason a clause for a person, without a full stop
     */
    record Unreachable(@NonNull String reason) implements MintResult {}

    /**
     * Turned away, since there were too many requests: no token was made, and no address is wrong.
     *
     * @param reason a clause for a person, without a full stop
     */
    record TurnedAway(@NonNull String reason) implements MintResult {}

    /**
     * Qwiet may have made a token, or may still make it, whose value is lost. The lease stays, and the
     * {@link Janitor} will revoke what turns up.
     *
     * @param reason a clause for a person, without a full stop
     */
    record Undecided(@NonNull String reason) implements MintResult {}

    /**
     * The disk would not keep the lease, so there is no token: none was asked for, or it was revoked at once.
     *
     * @param reason a clause for a person, with the directory's path and without a full stop
     */
    record NotRecorded(@NonNull String reason) implements MintResult {}
}
