package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A point in time as people read it, always in UTC: the reader need not know the time zone of the controller. */
public record DisplayTime(@NonNull Instant instant) {
    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Null of null. */
    @CheckForNull
    public static DisplayTime of(@CheckForNull Instant instant) {
        return instant == null ? null : new DisplayTime(instant);
    }

    /** The text alone, where there is no HTML around it. */
    @NonNull
    public static String text(@NonNull Instant instant) {
        try {
            return TEXT.format(instant);
        } catch (DateTimeException e) {
            return instant.toString(); // Of a year that no calendar has.
        }
    }

    /** For people. */
    @NonNull
    public String text() {
        return text(instant);
    }

    /** For the {@code datetime} attribute of HTML. */
    @NonNull
    public String iso() {
        return instant.toString();
    }
}
