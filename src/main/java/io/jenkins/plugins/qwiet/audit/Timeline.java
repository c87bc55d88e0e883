package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The lives of a build's tokens beside that of the build: a row for each line of tokens, in which each took the place of the
 * one before. {@link TimelineText} says in words what it shows.
 *
 * @param span of the build
 * @param rows the oldest first
 * @param unknown how many tokens more may exist, as the build's record does not have them but leases do
 * @param contradictory whether the times cannot be of one clock, such as after it was put back: so what they say of how long
 *     something was, and what came first, is not known
 */
public record Timeline(@NonNull Span span, @NonNull List<Row> rows, int unknown, boolean contradictory) {
    /** A picture of more would be none that one look is enough for. */
    public static final int MOST_SHOWN = 30;

    /** A token of which nobody sees the bar would be taken for one that was not there. */
    private static final double NARROWEST = 0.6;

    private static final int WIDTH = 100;
    /** How much longer than the build the picture may be, so that the build is still to be seen in it. */
    private static final int MOST_AFTER = 3;

    public Timeline {
        rows = List.copyOf(rows);
    }

    /**
     * When a build ran, by the clock of this Jenkins.
     *
     * @param end null as long as it is running
     * @param now when this is looked at
     * @param atTheEnd what is gone so soon after the end is gone with it: Jenkins revokes tokens as a build ends
     */
    public record Span(
            @NonNull Instant start,
            @CheckForNull Instant end,
            @NonNull Instant now,
            @NonNull Duration atTheEnd) {
        /** Whether it is not over. */
        public boolean running() {
            return end == null;
        }

        /** Its end, or now. */
        @NonNull
        public Instant last() {
            return end == null ? now : end;
        }

        boolean isOutlivedBy(Instant gone) {
            return end != null && gone.isAfter(end.plus(atTheEnd));
        }

        /** Whether no one clock can have shown all of these times: tokens are created while their build runs. */
        private boolean contradicts(Token token) {
            Instant gone = token.goneAt(now);
            return gone != null && (gone.isBefore(token.createdAt()) || now.isBefore(gone.minus(atTheEnd)))
                    || token.createdAt().isBefore(token.since())
                    || now.isBefore(token.createdAt().minus(atTheEnd))
                    || token.since().isBefore(start.minus(atTheEnd))
                    || isOutlivedBy(token.createdAt())
                    // A build that was killed with Jenkins has no length, and one that got a token has.
                    || start.equals(end);
        }
    }

    /**
     * A token, as the build's record has it; times by the clock of this Jenkins.
     *
     * @param line names what it has in common with those whose place it took
     * @param number its place in that line; the first one's is 1
     * @param since when the first of the line was created
     * @param expiresAt null if Qwiet named no end, or none that can be read
     * @param revokedAt null if it is not known to be revoked
     * @param expiredAt null if it is not known to have died of its age while it was held
     * @param use what is known of a token that is neither
     */
    public record Token(
            @NonNull String label,
            @NonNull String id,
            @NonNull String line,
            int number,
            @NonNull Instant since,
            @NonNull Instant createdAt,
            @CheckForNull Instant expiresAt,
            @CheckForNull Instant revokedAt,
            @CheckForNull Instant expiredAt,
            @NonNull Use use) {
        @CheckForNull
        private Instant goneAt(Instant now) {
            if (revokedAt != null) {
                return revokedAt;
            } else if (expiredAt != null) {
                return expiredAt;
            }
            return expiresAt != null && !expiresAt.isAfter(now) ? expiresAt : null;
        }

        private State state(Span span, boolean contradictory) {
            Instant gone = goneAt(span.now());
            if (gone == null) {
                return switch (use) {
                    case IN_USE -> State.IN_USE;
                    case LEFT_TO_EXPIRE -> State.LEFT_TO_EXPIRE;
                    case OVER -> State.NOT_REVOKED;
                };
            }
            boolean late = !contradictory && span.isOutlivedBy(gone);
            if (revokedAt != null) {
                return late ? State.REVOKED_LATE : State.REVOKED;
            }
            return late ? State.EXPIRED_LATE : State.EXPIRED;
        }
    }

    /** Who uses a token that is not gone. */
    public enum Use {
        /** The running build. */
        IN_USE,
        /** Nobody, and Jenkins has to revoke it. */
        OVER,
        /** Nobody, and the settings want no revocation. */
        LEFT_TO_EXPIRE
    }

    /** What became of a token. Of several of a row that are there still, the one that comes last here counts. */
    public enum State {
        /** When the build ended, or before. */
        EXPIRED,
        /** When the build ended, or before. */
        REVOKED,
        /** By the build, which is running. */
        IN_USE,
        /** After the build's end. */
        EXPIRED_LATE,
        /** After the build's end. */
        REVOKED_LATE,
        /** Its use is over, and nobody revokes it. */
        LEFT_TO_EXPIRE,
        /** Though its use is over. */
        NOT_REVOKED;

        /** Whether the build is over, or does not use it, and the token was there nevertheless. */
        public boolean isOutliving() {
            return compareTo(IN_USE) > 0;
        }

        /** Whether there is a token still. */
        public boolean isLiving() {
            return this == IN_USE || this == LEFT_TO_EXPIRE || this == NOT_REVOKED;
        }
    }

    /**
     * The tokens of one line; to people they are one.
     *
     * @param id of the newest
     * @param renewals how often another took its place
     * @param created the first of them
     * @param renewed when those were created that the record still has, the first of the line left out
     * @param gone the last of them; null if there is one still
     * @param living those that there are still
     * @param state of those, or else of the last of them
     */
    public record Row(
            @NonNull String label,
            @NonNull String id,
            int renewals,
            @NonNull Instant created,
            @NonNull List<Instant> renewed,
            @CheckForNull Instant gone,
            @NonNull List<Living> living,
            @NonNull State state) {
        public Row {
            renewed = List.copyOf(renewed);
            living = List.copyOf(living);
        }

        /** Whether there is a token like that, or the last one was. */
        boolean has(State some) {
            return living.isEmpty() ? state == some : living.stream().anyMatch(token -> token.state() == some);
        }

        /** When the last token like that will expire; null if there is none, or nobody knows. */
        @CheckForNull
        Instant expires(State some) {
            List<Living> tokens =
                    living.stream().filter(token -> token.state() == some).toList();
            boolean known = tokens.stream().allMatch(token -> token.expires() != null);
            return known ? last(tokens.stream().map(Living::expires).toList()) : null;
        }

        private static Row of(List<Token> line, Span span, boolean contradictory) {
            Token newest =
                    line.stream().max(Comparator.comparingInt(Token::number)).orElseThrow();
            List<Living> living = line.stream()
                    .filter(token -> token.goneAt(span.now()) == null)
                    .map(token -> new Living(token.state(span, contradictory), token.expiresAt()))
                    .toList();
            Instant gone = living.isEmpty()
                    ? last(line.stream().map(token -> token.goneAt(span.now())).toList())
                    : null;
            State state = line.stream()
                    .filter(token -> Objects.equals(token.goneAt(span.now()), gone))
                    .map(token -> token.state(span, contradictory))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            return new Row(
                    newest.label(),
                    newest.id(),
                    newest.number() - 1,
                    line.stream()
                            .map(Token::since)
                            .min(Comparator.naturalOrder())
                            .orElseThrow(),
                    line.stream()
                            .filter(token -> token.number() > 1)
                            .map(Token::createdAt)
                            .toList(),
                    gone,
                    living,
                    state);
        }
    }

    /**
     * A token of a row that is there still.
     *
     * @param expires null if nobody knows
     */
    public record Living(@NonNull State state, @CheckForNull Instant expires) {}

    @CheckForNull
    private static Instant last(List<Instant> instants) {
        return instants.stream()
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Of a build's tokens, in whatever order. */
    @NonNull
    public static Timeline of(@NonNull Span span, @NonNull List<Token> tokens, int unknown) {
        Map<String, List<Token>> lines = new LinkedHashMap<>();
        tokens.forEach(token ->
                lines.computeIfAbsent(token.line(), line -> new ArrayList<>()).add(token));
        boolean contradictory = tokens.stream().anyMatch(span::contradicts);
        return new Timeline(
                span,
                lines.values().stream()
                        .map(line -> Row.of(line, span, contradictory))
                        .sorted(Comparator.comparing(Row::created))
                        .toList(),
                unknown,
                contradictory);
    }

    /** At most {@value #MOST_SHOWN}, the oldest first: of more, those that outlived the build, then those that there are still. */
    @NonNull
    public List<Row> shown() {
        Comparator<Row> first = Comparator.comparing((Row row) -> !row.state().isOutliving())
                .thenComparing(row -> !row.state().isLiving());
        return rows.stream()
                .sorted(first)
                .limit(MOST_SHOWN)
                .sorted(Comparator.comparing(Row::created))
                .toList();
    }

    /** The end of the picture: that of the build, or of what outlived it by not too much. */
    private Instant horizon() {
        if (span.running()) {
            return span.last();
        }
        Instant latest = span.last().plus(length().dividedBy(MOST_AFTER));
        if (rows.stream().anyMatch(row -> row.gone() == null && row.state().isOutliving())) {
            return latest;
        }
        return rows.stream()
                .filter(row -> row.state().isOutliving())
                .map(Row::gone)
                .max(Comparator.naturalOrder())
                .filter(gone -> gone.isAfter(span.last()))
                .map(gone -> gone.isBefore(latest) ? gone : latest)
                .orElse(span.last());
    }

    /** Of the build; never nothing, so that it can be divided. */
    private Duration length() {
        Duration length = Duration.between(span.start(), span.last());
        return length.compareTo(Duration.ofMillis(WIDTH)) < 0 ? Duration.ofMillis(WIDTH) : length;
    }

    private double x(Instant at) {
        double all = Duration.between(span.start(), horizon()).toMillis();
        double passed = Duration.between(span.start(), at).toMillis();
        return Math.max(0, Math.min(WIDTH, WIDTH * passed / Math.max(all, length().toMillis())));
    }

    /** The build's own bar. */
    @NonNull
    public Bar build() {
        return bar(span.start(), span.last());
    }

    /** How long the tokens of a row lived while the build did; null if they did not, or nobody knows. */
    @CheckForNull
    public Bar during(@NonNull Row row) {
        if (contradictory) {
            return null;
        }
        Instant gone = row.gone();
        Instant end = gone == null || gone.isAfter(span.last()) ? span.last() : gone;
        return row.created().isAfter(end) && row.state().isOutliving() ? null : bar(row.created(), end);
    }

    /** How long they lived longer than the build; null if they did not, or nobody knows. */
    @CheckForNull
    public Bar after(@NonNull Row row) {
        if (contradictory || !row.state().isOutliving() || span.running()) {
            return null;
        }
        Instant gone = row.gone();
        return bar(span.last(), gone == null ? horizon() : gone);
    }

    /** Whether the tokens of a row lived longer than the picture can show. */
    public boolean goesOn(@NonNull Row row) {
        Instant gone = row.gone();
        return row.state().isOutliving() && (gone == null || gone.isAfter(horizon()));
    }

    /** Where tokens of a row took the place of others. */
    @NonNull
    public List<String> marks(@NonNull Row row) {
        return contradictory
                ? List.of()
                : row.renewed().stream().map(this::x).map(Bar::percent).toList();
    }

    private Bar bar(Instant from, Instant to) {
        double width = Math.max(NARROWEST, x(to) - x(from));
        return new Bar(Math.min(x(from), WIDTH - width), width);
    }

    /**
     * A part of the picture.
     *
     * @param from where it begins, from 0 to 100
     * @param length of that, too
     */
    public record Bar(double from, double length) {
        /** For an attribute of SVG. */
        @NonNull
        public String x() {
            return percent(from);
        }

        /** For an attribute of SVG. */
        @NonNull
        public String width() {
            return percent(length);
        }

        /** Where it ends, for an attribute of SVG. */
        @NonNull
        public String end() {
            return percent(Math.min(WIDTH, from + length));
        }

        private static String percent(double of) {
            return Math.round(of * 100) / 100.0 + "%";
        }
    }
}
