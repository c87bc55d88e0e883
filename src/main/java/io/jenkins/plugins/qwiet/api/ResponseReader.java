package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Refused;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import okhttp3.Response;

/** Reads an HTTP answer as an {@link Outcome}, by Qwiet's envelope {@code {"ok":…,"response":…}}. */
final class ResponseReader {
    private static final int LARGEST_ERROR = 64 * 1024;
    private static final int LONGEST_MESSAGE = 1001;
    private static final int MOST_VALIDATION_ERRORS = 20;
    /** 408 and 425 are about the way that a request came, not about what it asked. */
    private static final Set<Integer> MAY_HAVE_BEGUN = Set.of(408, 425);

    private static final Texts TEXTS = Texts.of(ResponseReader.class);

    private final Clock clock;
    private final Echo bearer;

    ResponseReader(Clock clock, SecretText bearer) {
        this.clock = clock;
        this.bearer = new Echo(bearer);
    }

    /** Knows what the answers to one call mean. */
    interface Body<T> {
        /** Called before each try. */
        default void begin() {}

        /** Called too before the try after one that may have done what was asked, of which the answer was lost. */
        default void mayBeDone() {}

        /** Reads the body of a 2xx. */
        T read(InputStream json) throws IOException;

        /** Whether the 2xx that was read is certainly Qwiet's. */
        default boolean isSigned() {
            return true;
        }

        /** Reads what status and headers of a 2xx add. */
        default T withResponse(T read, Response response) {
            return read;
        }

        /** Reads a refusal of Qwiet itself. */
        default Outcome<T> refused(Refused<T> refusal) {
            return refusal;
        }

        /** The most bytes that a sane answer has. */
        default long largest() {
            return 1024 * 1024;
        }
    }

    /** A 2xx that is not what Qwiet's API says it is. The message never quotes the answer. */
    static final class Unreadable extends IOException {
        @Serial
        private static final long serialVersionUID = 1;

        private final transient Outcome.Made made;

        Unreadable(String message) {
            this(message, null);
        }

        /** Of a creation that left all but the token's value. */
        Unreadable(String message, Outcome.Made made) {
            super(message);
            this.made = made;
        }

        /** Null if there is no such token. */
        Outcome.Made made() {
            return made;
        }
    }

    /** An answer longer than any that makes sense. */
    static final class TooLarge extends IOException {
        @Serial
        private static final long serialVersionUID = 1;
    }

    /** Whether an exception is about what was answered, rather than about the connection. */
    static boolean isOfAnswer(Exception problem) {
        return problem instanceof Unreadable || problem instanceof TooLarge;
    }

    /** @param watched sees the answer's body pass by */
    <T> Outcome<T> read(Response response, Body<T> body, UnaryOperator<InputStream> watched) throws IOException {
        int status = response.code();
        InputStream bytes = watched.apply(response.body().byteStream());
        if (status >= 200 && status < 300) {
            try (var json = new Capped(bytes, body.largest())) {
                return new Done<>(body.withResponse(body.read(json), response));
            } catch (JsonProcessingException e) {
                throw new Unreadable(TEXTS.get("ResponseReader.noJson"));
            }
        }
        Duration retryAfter = RetryAfter.longest(response.headers("Retry-After"), answeredAt(response));
        var error = errorOf(bytes);
        if (status == 429) {
            return new NotSent<>(
                    TEXTS.get("ResponseReader.turnedAway", error.inWords(status)), retryAfter, Cause.TOO_MANY_REQUESTS);
        } else if (error.byQwiet() && status >= 400 && status < 500 && !MAY_HAVE_BEGUN.contains(status)) {
            return body.refused(
                    new Refused<>(status, error.code(), error.message(), error.validationErrors(), retryAfter));
        }
        String words = error.inWords(status);
        if (status >= 300 && status < 400) {
            words = TEXTS.get("ResponseReader.redirect", String.valueOf(status));
        } else if (status == 407) {
            words = TEXTS.get("ResponseReader.proxy", String.valueOf(status));
        }
        boolean isOfConnection = error == Error.CUT && status >= 400 && status < 500 && status != 407;
        return new Unsure<>(words, retryAfter, null, isOfConnection ? Cause.UNREACHABLE : Cause.ofStatus(status));
    }

    private Instant answeredAt(Response response) {
        Date date = response.headers().getDate("Date");
        return date == null ? clock.instant() : date.toInstant();
    }

    /** What an error says; in Qwiet's envelope, or else nothing. */
    private record Error(String code, String message, List<String> validationErrors, boolean byQwiet) {
        static final Error OF_SOMETHING_ELSE = new Error("", "", List.of(), false);
        /** Nobody knows whose it was. */
        static final Error CUT = new Error("", "cut", List.of(), false);

        String inWords(int status) {
            if (this == CUT) {
                return TEXTS.get("ResponseReader.cut", String.valueOf(status));
            }
            return byQwiet
                    ? "HTTP " + status + " " + code + ": " + message
                    : TEXTS.get("ResponseReader.somethingElse", String.valueOf(status));
        }
    }

    private Error errorOf(InputStream bytes) {
        try (var json = new Capped(bytes, LARGEST_ERROR)) {
            JsonNode envelope = LenientJson.tree(json);
            JsonNode ok = envelope == null ? MissingNode.getInstance() : envelope.path("ok");
            if (ok.isBoolean()
                    && !ok.asBoolean()
                    && !envelope.path("code").asText("").isBlank()
                    && envelope.path("code").isTextual()) {
                var validationErrors = envelope.path("validation_errors")
                        .valueStream()
                        .limit(MOST_VALIDATION_ERRORS)
                        .map(each -> quotable(each.asText()))
                        .toList();
                return new Error(
                        quotable(envelope.path("code").asText()),
                        quotable(envelope.path("message").asText()),
                        validationErrors,
                        true);
            }
        } catch (JsonProcessingException | TooLarge e) {
            // Not Qwiet's envelope: a proxy's page, perhaps. The status says all that can be said.
            return Error.OF_SOMETHING_ELSE;
        } catch (IOException e) {
            return Error.CUT;
        }
        return Error.OF_SOMETHING_ELSE;
    }

    /**
     * What the other side wrote, fit for a log: short, on one line, in reading order, and without the bearer that it may
     * have echoed.
     */
    private String quotable(String text) {
        return DisplayText.cut(StorableText.of(DisplayText.spaced(bearer.hiddenIn(text))), LONGEST_MESSAGE);
    }

    private static final class Capped extends FilterInputStream {
        private long left;

        Capped(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) throws TooLarge {
            left -= read;
            if (left < 0) {
                throw new TooLarge();
            }
        }
    }
}
