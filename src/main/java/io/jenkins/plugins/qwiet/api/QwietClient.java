package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The calls of Qwiet's API that this plugin needs, for one organization and one bearer.
 *
 * <p>No method blocks. The futures complete normally with an {@link Outcome}; they complete exceptionally only for a
 * programming error. {@link Outcome.Done} comes on the thread that waited for this one call, which may wait for a disk
 * too; any other outcome may come on a thread that must not be blocked. Cancelling a future ends the call at once; what
 * Qwiet made of it is then unknown.
 */
public interface QwietClient {
    /** Whose tokens these calls are about. */
    @NonNull
    Organization organization();

    /** What time it is at the API, as its answers say. Shared by all clients of the same address. */
    @NonNull
    ServerClock clock();

    /**
     * How long Qwiet asked to wait before the next call of this organization and bearer that is not urgent, whoever made the
     * call that it said so of; at most an hour, and zero if it did not.
     */
    @NonNull
    default Duration asksToWait() {
        return Duration.ZERO;
    }

    /**
     * Who calls: equal for clients of the same organization and bearer, to whom Qwiet answers the same. By default no other
     * client is known to be alike.
     */
    @NonNull
    default Object caller() {
        return this;
    }

    /**
     * The same client for whoever can wait: each call waits until Qwiet {@linkplain #asksToWait wants it}, if that is within
     * the time for retries. If it is not, a creation is sent at once, as somebody waits for it, and anything else is not sent.
     */
    @NonNull
    default QwietClient patient() {
        return this;
    }

    /** Makes a CI token; needs the scope {@code tokens:create}. Never sent twice unless it certainly had no effect. */
    @NonNull
    CompletableFuture<Outcome<MintedToken>> create(@NonNull NewToken token);

    /**
     * The same, for somebody who waits.
     *
     * @param again is told before each new try, on a thread that must not be blocked; there are few
     */
    @NonNull
    default CompletableFuture<Outcome<MintedToken>> create(@NonNull NewToken token, @NonNull Consumer<Retry> again) {
        return create(token);
    }

    /**
     * Lists the organization's tokens; needs the scope {@code tokens:list}. They stream by: none is kept here.
     *
     * @param query which ones
     * @param each is given every token in turn, on one thread at a time, before the future completes. When the outcome
     *     is not {@link Outcome.Done} it may have seen some tokens, and on a retry some of them again after
     *     {@link Listing#restart()}
     * @return how many there were, and whether these were all
     */
    @NonNull
    CompletableFuture<Outcome<Listed>> list(@NonNull ListQuery query, @NonNull Listing each);

    /**
     * Revokes a token; needs the scope {@code tokens:delete}.
     *
     * <p>Done with true after a 2xx that does not say no. Done with false after Qwiet's own 404 about a token; with true if that
     * answers a second request, sent since the answer to the first one was lost: most likely that one revoked it. Any other
     * refusal of Qwiet (its 404 about something else, 400, 409, 410, 422) leaves open whether the token is there: the list
     * says. An id that is no harmless path segment is not sent.
     */
    @NonNull
    CompletableFuture<Outcome<Boolean>> delete(@NonNull String tokenId);

    /** What the bearer may do, such as {@code tokens:create}. Without side effect. */
    @NonNull
    CompletableFuture<Outcome<Set<String>>> myScopes();

    /**
     * The same.
     *
     * @param again is told before each new try, on a thread that must not be blocked
     */
    @NonNull
    default CompletableFuture<Outcome<Set<String>>> myScopes(@NonNull Consumer<Retry> again) {
        return myScopes();
    }

    /**
     * Which tokens to list.
     *
     * @param includeExpired whether tokens that are over are listed too
     * @param includeIntegrations whether tokens of other types than {@code access} are listed too
     */
    record ListQuery(boolean includeExpired, boolean includeIntegrations) {
        /** Live CI tokens only. */
        public static final ListQuery LIVE = new ListQuery(false, false);
    }

    /** Takes tokens as they stream by. */
    interface Listing extends Consumer<Token> {
        /**
         * The list is not {@linkplain Listed#whole() known to be whole}, and nothing says so but fields beside the tokens of
         * which nobody knows what they say, and perhaps that tokens {@linkplain Listed#moved() moved}. Called once, before the
         * future completes.
         *
         * @param fields their names, as the answer writes them; not empty
         */
        default void unexplained(@NonNull Set<String> fields) {}

        /**
         * All pages were read, if there are several, and nothing says that something is missing, but perhaps an amount that was
         * true before tokens were deleted meanwhile. Called before they are read once more, to see whether tokens moved
         * from one to another, and perhaps after it, too.
         */
        default void readThrough() {}

        /** A call is made once more. Called before that, on a thread that must not be blocked. */
        default void again(@NonNull Retry retry) {}

        /** Forget what was seen: the list is read again from its beginning. */
        default void restart() {}

        /**
         * Takes a token of which Qwiet did not say all: that is another thing than an empty text.
         *
         * @param labelled whether it said the label
         * @param described whether it said the description
         */
        default void acceptPart(@NonNull Token token, boolean labelled, boolean described) {
            accept(token);
        }
    }
}
