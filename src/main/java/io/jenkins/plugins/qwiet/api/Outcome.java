package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What became of a call, as far as anyone can know. A {@link QwietClient} answers with one of these four and never
 * throws for what happens on the network.
 *
 * @param <T> what Qwiet answers when the call is done
 */
public sealed interface Outcome<T> {
    /**
     * Why the call is not done, in words for a person.
     *
     * @throws IllegalStateException if it is done
     */
    @NonNull
    String reason();

    /** The same outcome with another answer; only {@link Done} carries one. */
    @NonNull
    @SuppressWarnings("unchecked")
    default <A> Outcome<A> map(@NonNull Function<T, A> answer) {
        return this instanceof Done<T> done ? new Done<>(answer.apply(done.value())) : (Outcome<A>) this;
    }

    /**
     * Qwiet did it and said so.
     *
     * @param value the answer, never null
     */
    record Done<T>(@NonNull T value) implements Outcome<T> {
        @Override
        public String reason() {
            throw new IllegalStateException("the call is done");
        }
    }

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

        /** Status, code and message; not the validation errors. */
        @NonNull
        public String inWords() {
            return status + " " + code + ": " + message;
        }

        @Override
        public String reason() {
            return "Qwiet said " + inWords();
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
     * It is not known whether Qwiet did it: a time-out after sending, a cut connection, a 5xx, an unreadable 2xx. A token may or may not exist.
     *
     * @param reason why, in words for a person
     */
    record Unsure<T>(@NonNull String reason) implements Outcome<T> {}
}
