package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a token and its successors have in common. To people they are one: a line of tokens, of which each is replaced by
 * the next before it dies.
 *
 * @param id the first token's nonce
 * @param number of the token in the line; the first one's is 1
 * @param since when the first one was minted
 * @param validFor what was asked of Qwiet for each of them; zero if that is not known
 * @param renewed whether a token of the line gets a successor while it is held
 * @param fixed whether whoever holds it took its value once and for all, so that a successor could not reach it
 * @param request what the user asked for, so that the same can be asked for again; null if that is not known
 * @param before marks of what the variables held when the token was bound, as {@link Before} makes them
 */
record TokenLine(
        @NonNull String id,
        int number,
        @NonNull Instant since,
        @NonNull Duration validFor,
        boolean renewed,
        boolean fixed,
        @CheckForNull TokenRequest request,
        @NonNull List<String> before) {
    TokenLine {
        before = List.copyOf(before);
    }

    /** Of a token about which nothing else is known. */
    static TokenLine alone(String nonce, Instant mintedAt) {
        return new TokenLine(nonce, 1, mintedAt, Duration.ZERO, false, false, null, List.of());
    }

    TokenLine next() {
        return new TokenLine(id, number + 1, since, validFor, renewed, fixed, request, before);
    }

    TokenLine boundOver(List<String> marks) {
        return new TokenLine(id, number, since, validFor, renewed, fixed, request, marks);
    }

    boolean isRenewable() {
        return renewed && !fixed && request != null;
    }
}
