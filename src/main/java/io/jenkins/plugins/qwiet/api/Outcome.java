package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.List;

/**
 * What became of a call, as far as anyone can know. A {@link QwietClient} answers with one of these four and never
 * throws for what happens on the network.
 *
 * @param <T> what Qwiet answers when the call is done
 */
public sealed interface Outcome<T> {

    /**
     * Qwiet did it and said so.
     *
     * @param value the answer, never null
     */
    record Done<T>(@NonNull T value) implements Outcome<T> {}

    /**
     * Qwiet (or something before it) said no; nothing was changed.
     *
     * @param status the HTTP status, 300 to 499
     * @param code Qwiet's own word for it, such as {@code UNAUTHORIZED}; {@code HTTP_<status>} where the answer was not
     *     in Qwiet's envelope
     * @param message Qwiet's own sentence
     * @param validationErrors what to correct in the request, one sentence each; empty where there is none
     */
    record Refused<T>(
            int status,
            @NonNull String code,
            @NonNull String message,
            @NonNull List<String> validationErrors) implements Outcome<T> {
        public Refused {
            validationErrors = List.copyOf(validationErrors);
        }
    }

    /**
     * The call certainly had no effect: it never reached Qwiet, or was turned away unread (429, or 503 with {@code
     * Retry-After}).
     *
     * @param reason why, in words for a person
     * @param retryAfter how long Qwiet asked to wait, null if it did not say
     */
    record NotSent<T>(@NonNull String reason, @CheckForNull Duration retryAfter) implements Outcome<T> {}

    /**
     * Nobody knows: a time-out after sending, a cut connection, a 5xx, an unreadable 2xx. A token may or may not exist.
     *
     * @param reason why, in words for a person
     */
    record Unsure<T>(@NonNull String reason) implements Outcome<T> {}

    /** The same outcome for another type of answer; only for the three that carry none. */
    @NonNull
    static <A, B> Outcome<B> withoutValue(@NonNull Outcome<A> outcome) {
        if (outcome instanceof Refused<A> r) {
            return new Refused<>(r.status(), r.code(), r.message(), r.validationErrors());
        } else if (outcome instanceof NotSent<A> n) {
            return new NotSent<>(n.reason(), n.retryAfter());
        } else if (outcome instanceof Unsure<A> u) {
            return new Unsure<>(u.reason());
        }
        throw new IllegalArgumentException("a done outcome carries a value");
    }
}
