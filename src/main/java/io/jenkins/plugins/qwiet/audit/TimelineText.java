package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.api.Texts;
import io.jenkins.plugins.qwiet.audit.Timeline.Row;
import io.jenkins.plugins.qwiet.audit.Timeline.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Says in words what a {@link Timeline} shows. */
public final class TimelineText {
    private static final Texts TEXTS = Texts.of(TimelineText.class);
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private TimelineText() {}

    /** Whether anything outlived the build, and what: a sentence, or one for each kind. */
    @NonNull
    public static List<String> sentences(@NonNull Timeline of) {
        List<String> sentences = new ArrayList<>();
        if (of.span().running()) {
            sentences.add(TEXTS.get("TimelineText.running", in(of, State.IN_USE).size()));
        } else if (of.rows().stream().noneMatch(row -> row.state().isOutliving())) {
            sentences.add(TEXTS.get(keyOfNone(of), of.rows().size()));
        }
        addLiving(of, State.NOT_REVOKED, "TimelineText.notRevoked", "TimelineText.notRevokedUntilUnknown", sentences);
        addLiving(of, State.LEFT_TO_EXPIRE, "TimelineText.leftToExpire", "TimelineText.leftToExpireUnknown", sentences);
        addLate(of, State.REVOKED_LATE, "TimelineText.revokedLate", sentences);
        addLate(of, State.EXPIRED_LATE, "TimelineText.expiredLate", sentences);
        if (of.unknown() > 0) {
            sentences.add(TEXTS.get("TimelineText.unknown", of.unknown()));
        }
        return sentences;
    }

    private static String keyOfNone(Timeline of) {
        if (of.contradictory()) {
            return "TimelineText.contradictory";
        }
        boolean revoked = of.rows().stream().allMatch(row -> row.state() == State.REVOKED);
        if (of.unknown() > 0) {
            return revoked ? "TimelineText.knownRevoked" : "TimelineText.knownGone";
        }
        return revoked ? "TimelineText.noneRevoked" : "TimelineText.noneGone";
    }

    private static List<Row> in(Timeline of, State state) {
        return of.rows().stream().filter(row -> row.has(state)).toList();
    }

    private static void addLiving(Timeline of, State state, String key, String unknown, List<String> sentences) {
        List<Row> rows = in(of, state);
        if (rows.isEmpty()) {
            return;
        }
        List<Instant> ends = rows.stream()
                .map(row -> row.expires(state))
                .filter(Objects::nonNull)
                .toList();
        sentences.add(
                ends.size() < rows.size()
                        ? TEXTS.get(unknown, rows.size())
                        : TEXTS.get(key, rows.size(), DisplayTime.text(latest(ends))));
    }

    private static void addLate(Timeline of, State state, String key, List<String> sentences) {
        List<Instant> ends =
                in(of, state).stream().map(Row::gone).filter(Objects::nonNull).toList();
        if (!ends.isEmpty()) {
            sentences.add(TEXTS.get(
                    key, ends.size(), duration(Duration.between(of.span().last(), latest(ends)))));
        }
    }

    private static Instant latest(List<Instant> instants) {
        return instants.stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    /** How long the tokens of a row lived, and that they took each other's place. */
    @NonNull
    public static String life(@NonNull Timeline of, @NonNull Row row) {
        if (of.contradictory()) {
            return TEXTS.get("TimelineText.lifeUnknown");
        }
        Instant gone = row.gone();
        String lived = duration(
                Duration.between(row.created(), gone == null ? of.span().now() : gone));
        if (gone == null) {
            return row.renewals() == 0
                    ? TEXTS.get("TimelineText.lives", lived)
                    : TEXTS.get("TimelineText.livesRenewed", lived, row.renewals());
        }
        return row.renewals() == 0
                ? TEXTS.get("TimelineText.lived", lived)
                : TEXTS.get("TimelineText.livedRenewed", lived, row.renewals());
    }

    /** When there will be no such token any more; null of one that is gone, and of one that the build revokes. */
    @CheckForNull
    public static String outlook(@NonNull Row row) {
        if (!row.state().isLiving() || row.state() == State.IN_USE) {
            return null;
        }
        Instant expires = row.expires(row.state());
        return expires == null
                ? TEXTS.get("TimelineText.endUnknown")
                : TEXTS.get("TimelineText.expires", DisplayTime.text(expires));
    }

    /** When the last token of a row was gone, from the start of the build; null if there is one still, or nobody knows. */
    @CheckForNull
    public static String goneAfter(@NonNull Timeline of, @NonNull Row row) {
        Instant gone = row.gone();
        return gone == null || of.contradictory() ? null : after(of, gone);
    }

    /**
     * When something was, from the start of the build: all within a minute would look the same otherwise. Only what a clock
     * showed, if nobody knows how long after the start that was.
     */
    @NonNull
    public static String after(@NonNull Timeline of, @NonNull Instant at) {
        if (of.contradictory()) {
            return DisplayTime.text(at);
        }
        return TEXTS.get(
                "TimelineText.after", duration(Duration.between(of.span().start(), at)));
    }

    /** How many rows are not shown; null if all are. */
    @CheckForNull
    public static String rest(@NonNull Timeline of) {
        int rest = of.rows().size() - of.shown().size();
        return rest == 0 ? null : TEXTS.get("TimelineText.rest", rest);
    }

    /** In the two greatest units, and never negative: a clock may be put back. */
    @NonNull
    static String duration(@NonNull Duration of) {
        long seconds = Math.max(0, of.toSeconds());
        if (seconds == 0) {
            return TEXTS.get("TimelineText.instant");
        } else if (seconds < MINUTE) {
            return TEXTS.get("TimelineText.seconds", String.valueOf(seconds));
        } else if (seconds < HOUR) {
            return TEXTS.get(
                    "TimelineText.minutes", String.valueOf(seconds / MINUTE), String.valueOf(seconds % MINUTE));
        } else if (seconds < DAY) {
            return TEXTS.get(
                    "TimelineText.hours", String.valueOf(seconds / HOUR), String.valueOf(seconds % HOUR / MINUTE));
        }
        return TEXTS.get("TimelineText.days", String.valueOf(seconds / DAY), String.valueOf(seconds % DAY / HOUR));
    }
}
