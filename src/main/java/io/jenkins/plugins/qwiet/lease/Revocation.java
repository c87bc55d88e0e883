package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/** What became of an attempt to revoke a lease's token. */
public sealed interface Revocation {
    /**
     * Qwiet says that each token that is known of is gone. A lease with an id is removed. That of an intent may stay a
     * while, until its nonce was looked for once more.
     *
     * @param wasThere false if Qwiet had no such token: never made, expired, or revoked elsewhere
     */
    record Revoked(boolean wasThere) implements Revocation {}

    /**
     * Qwiet lists no such token, which alone proves nothing: the call that asked for one could still be on its way, or
     * the list be behind. Nothing is revoked. The lease stays, and the {@link Janitor} looks again.
     */
    record NotListed() implements Revocation {}

    /**
     * Qwiet said that the service account may not revoke (or, for an intent, not list): 403. The lease stays, and the
     * {@link Janitor} tries again, slowly.
     *
     * @param message status, code and message in Qwiet's words
     */
    record NotAllowed(@NonNull String message) implements Revocation {}

    /**
     * It did not work this time. The lease stays, remembers why, and the {@link Janitor} tries again.
     *
     * @param reason in words for a person
     * @param answered whether Qwiet answered at all (401, say), as opposed to an outage
     * @param retryAfter how long Qwiet asked to wait; null if it did not say
     */
    record Failed(
            @NonNull String reason,
            boolean answered,
            @CheckForNull Duration retryAfter) implements Revocation {
        /** A failure after which nobody asked to wait. */
        public Failed(@NonNull String reason, boolean answered) {
            this(reason, answered, null);
        }

        /** A failure without an answer of Qwiet's. */
        public Failed(@NonNull String reason) {
            this(reason, false);
        }
    }
}
