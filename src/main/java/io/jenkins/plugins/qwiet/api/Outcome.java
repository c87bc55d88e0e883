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

    /**
     * Of which kind that is.
     *
     * @throws IllegalStateException if it is done
     */
    @NonNull
    Cause cause();

    /** How long to wait before the next call, as the answer said; null if it did not say. From zero to one day. */
    @CheckForNull
    default Duration retryAfter() {
        return null;
    }

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

        @Override
        public Cause cause() {
            throw new IllegalStateException("the call is done");
        }
    }

    /**
     * Qwiet itself said no, in its own envelope ({@code ok} is false, and a {@code code} is there); nothing was changed.
     * What something in between says is never this: see {@link Unsure}.
     *
     * @param status the HTTP status, 400 to 499
     * @param code Qwiet's own word for it, such as {@code UNAUTHORIZED}
     * @param message Qwiet's own sentence
     * @param validationErrors what to correct in the request, one sentence each; empty where there is none
     * @param retryAfter how long Qwiet asked to wait, null if it did not say
     */
    record Refused<T>(
            int status,
            @NonNull String code,
            @NonNull String message,
            @NonNull List<String> validationErrors,
            @CheckForNull Duration retryAfter)
            implements Outcome<T> {
        private static final Texts TEXTS = Texts.of(Refused.class);

        public Refused {
            validationErrors = List.copyOf(validationErrors);
        }

        /** Without a word about when to ask again. */
        public Refused(
                int status, @NonNull String code, @NonNull String message, @NonNull List<String> validationErrors) {
            this(status, code, message, validationErrors, null);
        }

        /** Status, code and message; not the validation errors. */
        @NonNull
        public String inWords() {
            return status + " " + code + ": " + message;
        }

        @Override
        public String reason() {
            return TEXTS.get("Outcome.refused", inWords());
        }

        @Override
        public Cause cause() {
            return Cause.ofRefusal(status);
        }
    }

    /**
     * The call certainly had no effect: no byte of it was sent, or it was turned away unread (429, RFC 6585).
     *
     * @param reason why, in words for a person
     * @param retryAfter how long Qwiet asked to wait, null if it did not say
     * @param cause of which kind that is
     */
    record NotSent<T>(
            @NonNull String reason,
            @CheckForNull Duration retryAfter,
            @NonNull Cause cause) implements Outcome<T> {
        /** There was no connection. */
        public NotSent(@NonNull String reason, @CheckForNull Duration retryAfter) {
            this(reason, retryAfter, Cause.UNREACHABLE);
        }

        /** Whether it was answered, with 429. */
        public boolean turnedAway() {
            return cause == Cause.TOO_MANY_REQUESTS;
        }
    }

    /**
     * A token of which an answer says all but its value.
     *
     * @param id by which it can be revoked
     * @param description as the answer says it; null if it says none
     */
    record Made(@NonNull String id, @CheckForNull String description) {}

    /**
     * It is not known whether Qwiet did it: anything else than an answer of Qwiet itself once a byte was sent. A
     * time-out, a cut connection, a 5xx, a redirect, a 4xx of something in between, an unreadable 2xx. A token may or may
     * not exist.
     *
     * @param reason why, in words for a person
     * @param retryAfter how long the answer asked to wait, null if it did not say, or there was none
     * @param made only of a {@link QwietClient#create}: the token that the answer names, though its value is lost; null if
     *     none is known
     * @param cause of which kind that is
     */
    record Unsure<T>(
            @NonNull String reason,
            @CheckForNull Duration retryAfter,
            @CheckForNull Made made,
            @NonNull Cause cause) implements Outcome<T> {
        /** Of no kind that has a name. */
        public Unsure(@NonNull String reason, @CheckForNull Duration retryAfter, @CheckForNull Made made) {
            this(reason, retryAfter, made, Cause.OTHER);
        }

        /** Of which no more is known. */
        public Unsure(@NonNull String reason, @NonNull Cause cause) {
            this(reason, null, null, cause);
        }

        /** Of which nothing else is known. */
        public Unsure(@NonNull String reason) {
            this(reason, Cause.OTHER);
        }
    }
}
