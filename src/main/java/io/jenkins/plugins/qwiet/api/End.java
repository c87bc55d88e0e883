package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a token is over, as far as an {@code expires_at} says. Qwiet's description gives it no format, so every one is read
 * that has one meaning; what is left is unknown, which is something else than never.
 *
 * @param at null if it is not known, or never
 * @param known whether this is what Qwiet said; never is known
 */
public record End(@CheckForNull Instant at, boolean known) {
    /** Qwiet named none. */
    public static final End NEVER = new End(null, true);

    /** Qwiet named one in a form that is not understood, or what it said was lost. */
    public static final End UNKNOWN = new End(null, false);

    private static final int LONGEST = 80;
    /** What servers send for never: the greatest time that their language has. */
    private static final Instant END_OF_CALENDAR = Instant.parse("9999-12-30T00:00:00Z");

    private static final Instant YEAR_TWO = Instant.parse("0002-01-01T00:00:00Z");

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?(?:[eE][+]?[0-9]{1,2})?");
    private static final Pattern BASIC_DATE = Pattern.compile("([0-9]{4})([0-9]{2})([0-9]{2})");
    /** With a time behind it, and no sign in between. */
    private static final Pattern COMPACT =
            Pattern.compile("(20[0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]?([0-9]{3}))?)?");

    /** ISO 8601 without punctuation. */
    private static final Pattern BASIC_TIME = Pattern.compile(
            "([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})?((?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)");

    private static final Pattern TIME = Pattern.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"
            + "(?:[Tt\\s_]\\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]*))?)?"
            + "\\s*([Zz]|UTC|GMT|(?:UTC|GMT)?[+-][0-9]{2}(?::?[0-9]{2})?(?:\\s*[A-Z]{1,5})?)?"
            + "(?:\\[([A-Za-z0-9/_+-]+)])?)?");

    private static final List<DateTimeFormatter> OTHERS = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss zzz", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss zzz yyyy", Locale.ENGLISH),
            DateTimeFormatter.ISO_ORDINAL_DATE.withZone(ZoneOffset.UTC),
            DateTimeFormatter.ISO_WEEK_DATE.withZone(ZoneOffset.UTC));

    // Less is a number of seconds from now, or a sign for something; nothing that was made ends before 2001, in
    // whatever unit.
    private static final BigDecimal LEAST_SECONDS = BigDecimal.valueOf(1_000_000_000L);
    private static final BigDecimal LEAST_MILLIS = LEAST_SECONDS.movePointRight(3);
    private static final BigDecimal LEAST_MICROS = LEAST_MILLIS.movePointRight(3);
    private static final BigDecimal LEAST_NANOS = LEAST_MICROS.movePointRight(3);
    /** The year 2100: more, in whatever unit, is a date without punctuation, or no time. */
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(4_102_444_800L);

    /** A time is always known. */
    public End {
        known |= at != null;
    }

    /** A known one. */
    @NonNull
    public static End at(@NonNull Instant at) {
        return new End(at, true);
    }

    /** One that was kept in two fields. */
    @NonNull
    public static End of(@CheckForNull Instant at, boolean unknown) {
        return new End(at, !unknown);
    }

    /** Whether there is one, but nobody knows when. */
    public boolean unknown() {
        return !known;
    }

    /**
     * Reads a text, or the text of a number. Nothing, and the year one and the end of the calendar that some servers send for nothing, is never. A day
     * is over as it begins, and where no zone is given it is UTC.
     */
    static End of(String text) {
        String trimmed = text.length() > LONGEST ? "too long" : text.strip();
        if (trimmed.isEmpty() || trimmed.equalsIgnoreCase("null") || trimmed.equalsIgnoreCase("never")) {
            return NEVER;
        }
        try {
            Instant at = usual(trimmed);
            if (at.isBefore(YEAR_TWO) || at.isAfter(END_OF_CALENDAR)) {
                return NEVER;
            }
            // The beginning of a calendar stands for nothing, but nobody knows for which.
            return at.getEpochSecond() < LEAST_SECONDS.longValue() ? UNKNOWN : new End(at, true);
        } catch (DateTimeException | ArithmeticException e) {
            return UNKNOWN;
        }
    }

    private static Instant usual(String text) {
        try {
            return Timestamps.parse(text);
        } catch (DateTimeException e) {
            return odd(text);
        }
    }

    private static Instant odd(String text) {
        Matcher basic = BASIC_DATE.matcher(text);
        if (basic.matches()) {
            return day(basic).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        Matcher compact = COMPACT.matcher(text);
        if (compact.matches()) {
            return day(compact)
                    .atTime(
                            number(compact.group(4)),
                            number(compact.group(5)),
                            compact.group(6) == null ? 0 : number(compact.group(6)),
                            nanos(compact.group(7)))
                    .toInstant(ZoneOffset.UTC);
        } else if (NUMBER.matcher(text).matches()) {
            return sinceEpoch(new BigDecimal(text));
        }
        Matcher plain = BASIC_TIME.matcher(text);
        Matcher time = TIME.matcher(
                plain.matches()
                        ? plain.group(1) + "-" + plain.group(2) + "-" + plain.group(3) + "T" + plain.group(4) + ":"
                                + plain.group(5) + ":" + (plain.group(6) == null ? "00" : plain.group(6))
                                + plain.group(7)
                        : text);
        return time.matches() ? instant(time) : other(text);
    }

    private static LocalDate day(Matcher date) {
        return LocalDate.of(number(date.group(1)), number(date.group(2)), number(date.group(3)));
    }

    private static Instant instant(Matcher time) {
        LocalDate day = day(time);
        if (time.group(4) == null) {
            return day.atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        int hour = number(time.group(4));
        int minute = number(time.group(5));
        int second = time.group(6) == null ? 0 : number(time.group(6));
        boolean midnight = hour == 24 && minute == 0 && second == 0;
        LocalDateTime local = day.atTime(
                midnight ? 0 : hour,
                minute,
                // As Java reads a leap second.
                second == 60 ? 59 : second,
                nanos(time.group(7)));
        return (midnight ? local.plusDays(1) : local)
                .atZone(zone(time.group(8), time.group(9)))
                .toInstant();
    }

    private static int nanos(@CheckForNull String fraction) {
        return fraction == null ? 0 : number((fraction + "000000000").substring(0, 9));
    }

    private static ZoneId zone(@CheckForNull String offset, @CheckForNull String region) {
        if (offset == null) {
            return region == null ? ZoneOffset.UTC : ZoneId.of(region);
        }
        String plain = offset.toUpperCase(Locale.ROOT).replaceAll("[A-Z\\s]", "");
        return plain.isEmpty() ? ZoneOffset.UTC : ZoneOffset.of(plain);
    }

    private static Instant sinceEpoch(BigDecimal number) {
        BigDecimal seconds;
        if (number.compareTo(LEAST_MILLIS) < 0) {
            seconds = number;
        } else if (number.compareTo(LEAST_MICROS) < 0) {
            seconds = number.movePointLeft(3);
        } else if (number.compareTo(LEAST_NANOS) < 0) {
            seconds = number.movePointLeft(6);
        } else {
            seconds = number.movePointLeft(9);
        }
        if (seconds.compareTo(LEAST_SECONDS) < 0 || seconds.compareTo(MOST_SECONDS) >= 0) {
            throw new DateTimeException("a number that is no time");
        }
        BigDecimal whole = seconds.setScale(0, RoundingMode.DOWN);
        return Instant.ofEpochSecond(
                whole.longValueExact(),
                seconds.subtract(whole).movePointRight(9).longValue());
    }

    private static Instant other(String text) {
        for (DateTimeFormatter each : OTHERS) {
            try {
                return each.getZone() == null
                        ? ZonedDateTime.parse(text, each).toInstant()
                        : LocalDate.parse(text, each)
                                .atStartOfDay(each.getZone())
                                .toInstant();
            } catch (DateTimeException e) {
                // Perhaps the next.
            }
        }
        throw new DateTimeException("no time");
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }
}
