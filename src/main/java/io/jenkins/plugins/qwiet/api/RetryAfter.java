package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import okhttp3.Headers;

/** The header of that name (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
    private static final String NAME = "Retry-After";
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
        if (!text.chars().allMatch(Character::isDigit)) {
            // In any of the three forms that who reads one has to know (RFC 9110, 5.6.7).
            Date date = text.chars().allMatch(c -> c >= ' ' && c <= '~')
                    ? Headers.of(NAME, text).getDate(NAME)
                    : null;
            return date == null ? null : within(Duration.between(answeredAt, date.toInstant()));
        }
        try {
            return within(Duration.ofSeconds(Long.parseLong(text)));
        } catch (NumberFormatException e) {
            return LONGEST;
        }
    }

    private static Duration within(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
