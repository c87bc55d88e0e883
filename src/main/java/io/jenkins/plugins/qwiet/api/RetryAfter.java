package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The header of that name (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /**
     * Null if there is none or it cannot be read; zero if it is over already.
     *
     * @param answeredAt what time it was for whoever answered, by the answer's own {@code Date}; ours if it has none
     */
    @CheckForNull
    static Duration parse(@CheckForNull String header, @NonNull Instant answeredAt) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String text = header.trim();
        try {
            return within(
                    text.chars().allMatch(Character::isDigit)
                            ? Duration.ofSeconds(Long.parseLong(text))
                            : Duration.between(
                                    answeredAt,
                                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                            .toInstant()));
        } catch (NumberFormatException e) {
            return LONGEST;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration within(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
