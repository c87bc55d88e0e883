package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;

/** What became of an attempt to revoke a lease's token. */
public sealed interface Revocation {
    /**
     * No such token is left, and the lease is removed.
     *
     * @param wasThere false if Qwiet had no such token: never made, expired, or revoked elsewhere
     */
    record Revoked(boolean wasThere) implements Revocation {}

    /**
     * Qwiet lists no token of this intent, but the call that asked for one could still be on its way. The lease stays, and
     * the {@link Janitor} looks again.
     */
    record NotListed() implements Revocation {}

    /**
     * The service account may not revoke (or, for an intent, not list): 403. The lease stays and the token is left to
     * expire; it makes no sense to try again.
     *
     * @param message in Qwiet's words
     */
    record NotAllowed(@NonNull String message) implements Revocation {}

    /**
     * It did not work this time. The lease stays, remembers why, and the {@link Janitor} tries again.
     *
     * @param reason in words for a person
     * @param answered whether Qwiet answered at all (401, say), as opposed to an outage
     */
    record Failed(@NonNull String reason, boolean answered) implements Revocation {
        /** A failure without an answer of Qwiet's. */
        public Failed(@NonNull String reason) {
            this(reason, false);
        }
    }
}
