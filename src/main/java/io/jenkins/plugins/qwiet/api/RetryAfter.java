package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.Headers;

/** The header of that name (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {
    private static final String NAME = "Retry-After";
    /** Whole ones by the RFC; some write a fraction, a unit, or a remark behind them. */
    static final Pattern SECONDS =
            Pattern.compile("[+]?([0-9]++)(?:[.]([0-9]++))?\\s*+(?:seconds|sec|s)?+\\s*+(?:;.*)?");

    private static final int MOST_PIECES = 20;
    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /** Of all that boxes on the way wrote, each on a line of its own or behind another: who asks for the most is obeyed. */
    @CheckForNull
    static Duration longest(@NonNull List<String> headers, @NonNull Instant answeredAt) {
        return headers.stream()
                .flatMap(header -> each(header, answeredAt))
                .filter(Objects::nonNull)
                .max(Duration::compareTo)
                .orElse(null);
    }

    private static Stream<Duration> each(String header, Instant answeredAt) {
        Duration one = parse(header, answeredAt);
        String[] pieces = header.split(",", MOST_PIECES);
        if (one != null || pieces.length == 1) {
            return Stream.ofNullable(one);
        }
        // A date may have a comma in it.
        return IntStream.range(0, pieces.length)
                .mapToObj(i -> Stream.of(pieces[i], i == 0 ? "" : pieces[i - 1] + "," + pieces[i]))
                .flatMap(some -> some)
                .map(piece -> parse(piece, answeredAt))
                .filter(Objects::nonNull);
    }

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
        Matcher seconds = SECONDS.matcher(text);
        if (!seconds.matches()) {
            // In any of the three forms that who reads one has to know (RFC 9110, 5.6.7).
            Date date = text.chars().allMatch(c -> c >= ' ' && c <= '~')
                    ? Headers.of(NAME, text).getDate(NAME)
                    : null;
            return date == null ? null : within(Duration.between(answeredAt, date.toInstant()));
        }
        try {
            boolean more = seconds.group(2) != null && !seconds.group(2).matches("0*");
            return within(Duration.ofSeconds(Long.parseLong(seconds.group(1)) + (more ? 1 : 0)));
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
