package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param hostVariable the variable that holds Qwiet's host where it is not the shared one; empty for none
 * @param block the node of the Pipeline with which the block began that holds it; 0 if no block of a Pipeline does
 * @param before of a token that was bound for the rest of the build, marks of what was there by then, as {@link Before} says,
 *     and of the lines whose place it took
 * @param boundAt the newest node of the Pipeline when the token was bound for the rest of the build: a block with a greater
 *     number was begun later; in a build that is no Pipeline they are counted, {@link #NOT_BOUND} if it was not bound for that
 * @param values marks of the values of its tokens, so that a copy of one is known though that token is forgotten; those that
 *     were asked for last come last, and of very many only they are kept
 */
record TokenLine(
        @NonNull String id,
        int number,
        @NonNull Instant since,
        @NonNull Duration validFor,
        boolean renewed,
        boolean fixed,
        @CheckForNull TokenRequest request,
        @NonNull String hostVariable,
        long block,
        @NonNull List<String> before,
        long boundAt,
        @NonNull List<String> values) {
    static final long NOT_BOUND = -1;

    /** No token is asked for that lives so short; what seems to has its end by a clock that goes ahead or behind. */
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(20);

    /** Longer than a build, where neither Qwiet nor anybody else named an end. */
    private static final Duration NO_END = Duration.ofDays(3650);

    /** With the shortest validity, they are made in some hours. */
    static final int MOST_VALUES = 1000;

    TokenLine {
        before = List.copyOf(before);
        values = List.copyOf(values.subList(Math.max(0, values.size() - MOST_VALUES), values.size()));
    }

    /** Of a token about which nothing else is known. */
    static TokenLine alone(String nonce, Instant mintedAt) {
        return new TokenLine(
                nonce, 1, mintedAt, Duration.ZERO, false, false, null, "", 0, List.of(), NOT_BOUND, List.of());
    }

    /**
     * How long a token of it lives. What was asked for, counted from when there was an answer, is the latest that it can be; a
     * shorter time that Qwiet named counts, unless it is so short that only clocks that differ explain it.
     *
     * @param mintedAt by the clock that names its end
     * @param expiresAt null for no end
     */
    Duration life(Instant mintedAt, @CheckForNull Instant expiresAt) {
        if (expiresAt == null) {
            return validFor.isZero() ? NO_END : validFor;
        }
        Duration named = Duration.between(mintedAt, expiresAt);
        if (validFor.isZero()) {
            return named;
        }
        boolean clocksDiffer = named.compareTo(SHORTEST_LIFE) < 0;
        return clocksDiffer || named.compareTo(validFor) > 0 ? validFor : named;
    }

    TokenLine next() {
        return new TokenLine(
                id, number + 1, since, validFor, renewed, fixed, request, hostVariable, block, before, boundAt, values);
    }

    TokenLine boundOver(List<String> marks, long node) {
        return new TokenLine(
                id, number, since, validFor, renewed, fixed, request, hostVariable, block, marks, node, values);
    }

    /** As if it had never been bound for the rest of the build. */
    TokenLine unbound() {
        return boundOver(List.of(), NOT_BOUND);
    }

    /** Nothing stands in a variable of it any more that would have to be recognized. */
    TokenLine withoutMarks() {
        return new TokenLine(
                id,
                number,
                since,
                validFor,
                renewed,
                fixed,
                request,
                hostVariable,
                block,
                List.of(),
                boundAt,
                List.of());
    }

    /** That value is one of its tokens', and asked for now. */
    TokenLine knowing(String mark) {
        var known = new ArrayList<>(values);
        known.remove(mark);
        known.add(mark);
        return new TokenLine(
                id, number, since, validFor, renewed, fixed, request, hostVariable, block, before, boundAt, known);
    }

    /** Whether a value is about to be forgotten if it is not asked for. */
    boolean isAmongTheOld(String mark) {
        return values.size() > MOST_VALUES / 2 && values.indexOf(mark) < values.size() / 2;
    }

    boolean isBound() {
        return boundAt != NOT_BOUND;
    }

    boolean isRenewable() {
        return renewed && !fixed && request != null;
    }
}
