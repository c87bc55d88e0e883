package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A point in time as people read it: of no zone that one would have to know. */
public final class DisplayTime {
    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Instant instant;

    private DisplayTime(Instant instant) {
        this.instant = instant;
    }

    /** Null of null. */
    @CheckForNull
    static DisplayTime of(@CheckForNull Instant instant) {
        return instant == null ? null : new DisplayTime(instant);
    }

    /** Where there is only text. */
    @NonNull
    static String text(@NonNull Instant instant) {
        return TEXT.format(instant);
    }

    /** For people. */
    @NonNull
    public String getText() {
        return text(instant);
    }

    /** For the {@code datetime} of HTML. */
    @NonNull
    public String getIso() {
        return instant.toString();
    }
}
