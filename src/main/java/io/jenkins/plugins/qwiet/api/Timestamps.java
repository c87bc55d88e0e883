package io.jenkins.plugins.qwiet.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads times of RFC 3339. A list may hold 100,000 of them, so the form that servers usually write needs no formatter. */
final class Timestamps {
    /** As in {@code 2026-08-01T12:00:00Z}; the seconds may have a fraction. */
    private static final int SHORTEST = 20;

    private static final int LONGEST = SHORTEST + 10;

    private Timestamps() {}

    /** @throws DateTimeException if it is none */
    static Instant parse(String text) {
        int end = text.length() - 1;
        boolean usual = text.length() >= SHORTEST
                && text.length() <= LONGEST
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && (end == 19 || (text.charAt(19) == '.' && end > 20))
                && text.charAt(end) == 'Z';
        if (usual) {
            int year = number(text, 0, 4);
            int month = number(text, 5, 7);
            int day = number(text, 8, 10);
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, 19);
            int nano = end == 19 ? 0 : number(text, 20, end);
            for (int digits = end - 20; digits > 0 && digits < 9 && nano > 0; digits++) {
                nano *= 10;
            }
            if ((year | month | day | hour | minute | second | nano) >= 0) {
                return LocalDateTime.of(year, month, day, hour, minute, second, nano)
                        .toInstant(ZoneOffset.UTC);
            }
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    /** Nine digits at most; negative if there is anything else. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
