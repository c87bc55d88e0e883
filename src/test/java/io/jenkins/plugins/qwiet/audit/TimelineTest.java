package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.audit.Timeline.Row;
import io.jenkins.plugins.qwiet.audit.Timeline.Span;
import io.jenkins.plugins.qwiet.audit.Timeline.State;
import io.jenkins.plugins.qwiet.audit.Timeline.Token;
import io.jenkins.plugins.qwiet.audit.Timeline.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lives of tokens beside that of their build: what is drawn, and what is said of it. */
class TimelineTest {
    private static final Instant START = Instant.parse("2026-08-01T12:00:00Z");
    private static final Instant DAY_AFTER = START.plus(Duration.ofDays(1));
    private static final Duration AT_THE_END = Duration.ofSeconds(5);
    /** It took 100 seconds. */
    private static final Span OVER = new Span(START, at(100), DAY_AFTER, AT_THE_END);

    private static final Span RUNNING = new Span(START, null, at(100), AT_THE_END);

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static Token token(String label, int created, Integer expires, Integer revoked, Use use) {
        return new Token(
                label,
                "id of " + label,
                label,
                1,
                at(created),
                at(created),
                expires == null ? null : at(expires),
                revoked == null ? null : at(revoked),
                null,
                use);
    }

    private static Token revoked(String label, int created, int revoked) {
        return token(label, created, 3600, revoked, Use.OVER);
    }

    private static Token inLine(String line, int number, int created, Integer revoked, Use use) {
        return new Token(
                line,
                "id " + number,
                line,
                number,
                at(0),
                at(created),
                at(created + 900),
                revoked == null ? null : at(revoked),
                null,
                use);
    }

    private static Timeline of(Span span, Token... tokens) {
        return Timeline.of(span, List.of(tokens), 0);
    }

    private static List<String> said(Span span, Token... tokens) {
        return TimelineText.sentences(of(span, tokens));
    }

    @Test
    void aTokenIsDrawnInItsPlaceWithinTheBuild() {
        Timeline timeline = of(OVER, revoked("a", 25, 75));
        Row row = timeline.rows().get(0);

        assertThat(timeline.build().x()).isEqualTo("0.0%");
        assertThat(timeline.build().end()).isEqualTo("100.0%");
        assertThat(timeline.during(row).x()).isEqualTo("25.0%");
        assertThat(timeline.during(row).width()).isEqualTo("50.0%");
        assertThat(timeline.after(row)).isNull();
        assertThat(timeline.goesOn(row)).isFalse();
        assertThat(row.state()).isEqualTo(State.REVOKED);
    }

    /** Its clock was put back: where an end is its start, Jenkins took the build for one of no length, or was killed. */
    @Test
    void whatTimesThatContradictEachOtherSayIsNotSaid() {
        var noLength = new Span(START, START, DAY_AFTER, AT_THE_END);
        var sooner = new Span(START, at(-600), DAY_AFTER, AT_THE_END);
        for (Timeline timeline : List.of(
                of(OVER, revoked("gone before it was there", 25, -600)),
                of(noLength, revoked("created after the end", 60, 180)),
                of(sooner, revoked("created after the end", 60, 180)),
                of(OVER, revoked("created before the start", -600, -10)),
                of(OVER, revoked("one that shows it", 25, -600), revoked("late", 25, 700)))) {
            assertThat(TimelineText.sentences(timeline))
                    .singleElement()
                    .asString()
                    .startsWith(timeline.rows().size() == 1 ? "The only token that" : "All 2 tokens that")
                    .endsWith("gone. Recorded times contradict each other, as after a clock was put back or Jenkins was"
                            + " killed, so whether any of them outlived the build is not known.");
            assertThat(timeline.rows()).allSatisfy(row -> {
                assertThat(row.state()).isEqualTo(State.REVOKED);
                assertThat(TimelineText.life(timeline, row))
                        .isEqualTo("for how long is not known, as recorded times contradict each other");
                assertThat(TimelineText.goneAfter(timeline, row)).isNull();
                assertThat(TimelineText.after(timeline, row.created())).startsWith("2026-08-01 1");
                assertThat(timeline.during(row)).isNull();
                assertThat(timeline.after(row)).isNull();
            });
        }
    }

    @Test
    void whatIsThereThoughTimesContradictEachOtherIsSaid() {
        Timeline timeline = of(OVER, revoked("a", 25, -600), token("b", 0, 90_000, null, Use.OVER));

        assertThat(TimelineText.sentences(timeline))
                .containsExactly("1 token is not revoked yet and expires 2026-08-02 13:00 UTC.");
        var before = new Span(START, null, at(-1800), AT_THE_END);
        Timeline running = of(before, token("a", 1200, 3600, null, Use.IN_USE));
        assertThat(TimelineText.sentences(running))
                .containsExactly("This build is running; 1 of its tokens is in use.");
        assertThat(TimelineText.life(running, running.rows().get(0))).startsWith("for how long is not known");
    }

    @Test
    void whatIsRevokedAsTheBuildEndsEndsWithIt() {
        Timeline timeline = of(OVER, revoked("a", 0, 104));
        Row row = timeline.rows().get(0);

        assertThat(row.state()).isEqualTo(State.REVOKED);
        assertThat(timeline.during(row).end()).isEqualTo("100.0%");
        assertThat(timeline.after(row)).isNull();
    }

    @Test
    void whatOutlivedTheBuildIsDrawnBehindItsEnd() {
        Timeline timeline = of(OVER, revoked("a", 0, 125), revoked("b", 0, 100));
        Row late = timeline.rows().get(0);

        assertThat(late.state()).isEqualTo(State.REVOKED_LATE);
        assertThat(timeline.build().end()).isEqualTo("80.0%");
        assertThat(timeline.during(late).end()).isEqualTo("80.0%");
        assertThat(timeline.after(late).x()).isEqualTo("80.0%");
        assertThat(timeline.after(late).end()).isEqualTo("100.0%");
        assertThat(timeline.goesOn(late)).isFalse();
    }

    @Test
    void whatLivesMuchLongerDoesNotHideTheBuild() {
        Timeline timeline = of(OVER, revoked("a", 0, 3600), token("b", 0, null, null, Use.OVER));

        assertThat(timeline.build().end()).isEqualTo("75.0%");
        assertThat(timeline.rows()).allSatisfy(row -> {
            assertThat(timeline.after(row).end()).isEqualTo("100.0%");
            assertThat(timeline.goesOn(row)).isTrue();
        });
    }

    @Test
    void aRunningBuildEndsWithThePicture() {
        Timeline timeline = of(RUNNING, token("a", 50, 3600, null, Use.IN_USE), token("b", 10, 3600, null, Use.OVER));

        assertThat(timeline.build().end()).isEqualTo("100.0%");
        assertThat(timeline.rows()).allSatisfy(row -> {
            assertThat(timeline.during(row).end()).isEqualTo("100.0%");
            assertThat(timeline.after(row)).isNull();
        });
        assertThat(timeline.rows()).extracting(Row::state).containsExactly(State.NOT_REVOKED, State.IN_USE);
    }

    @Test
    void aLineOfTokensIsOneRow() {
        Timeline timeline = of(
                OVER,
                inLine("a", 2, 40, 100, Use.OVER),
                inLine("a", 4, 80, 100, Use.OVER),
                inLine("b", 1, 5, 6, Use.OVER));
        Row row = timeline.rows().get(0);

        assertThat(timeline.rows()).extracting(Row::label).containsExactly("a", "b");
        assertThat(row.id()).isEqualTo("id 4");
        assertThat(row.renewals()).isEqualTo(3);
        assertThat(timeline.marks(row)).containsExactly("40.0%", "80.0%");
        assertThat(timeline.during(row).x()).isEqualTo("0.0%");
        assertThat(TimelineText.life(timeline, row)).isEqualTo("existed for 1 min 40 s, renewed 3 times");
    }

    @Test
    void ofALineTheTokenThatLivedLongestCounts() {
        Timeline timeline = of(OVER, inLine("a", 1, 0, 150, Use.OVER), inLine("a", 2, 50, 100, Use.OVER));

        assertThat(timeline.rows()).extracting(Row::state).containsExactly(State.REVOKED_LATE);
        assertThat(timeline.rows().get(0).gone()).isEqualTo(at(150));
    }

    /** It could not be revoked and died of its age, after its successor was revoked. */
    @Test
    void ofALineWhatBecameOfThatTokenCounts() {
        Token other = revoked("b", 0, 130);
        Token first = new Token("a", "id 1", "a", 1, at(0), at(0), at(3700), null, null, Use.OVER);
        Token second = inLine("a", 2, 60, 160, Use.OVER);

        assertThat(said(OVER, first, second))
                .containsExactly("1 token outlived this build; it expired 1 h 0 min after its end.");
        assertThat(said(OVER, other, first, second))
                .containsExactly(
                        "1 token outlived this build; it was revoked 30 s after its end.",
                        "1 token outlived this build; it expired 1 h 0 min after its end.");
        assertThat(of(OVER, inLine("a", 1, 0, null, Use.OVER), inLine("a", 2, 50, 901, Use.OVER))
                        .rows())
                .extracting(Row::state)
                .containsExactly(State.REVOKED_LATE);
    }

    @Test
    void ofALineEachTokenThatIsThereCounts() {
        Token used = inLine("a", 2, 90, null, Use.IN_USE);

        assertThat(said(RUNNING, inLine("a", 1, 0, null, Use.OVER), used))
                .containsExactly(
                        "This build is running; 1 of its tokens is in use.",
                        "1 token is not revoked yet and expires 2026-08-01 12:15 UTC.");
        assertThat(said(RUNNING, inLine("a", 1, 0, null, Use.LEFT_TO_EXPIRE), used))
                .containsExactly(
                        "This build is running; 1 of its tokens is in use.",
                        "The settings turn revocation off: 1 unused token is active until it expires 2026-08-01 12:15"
                                + " UTC.");
        Token endless = new Token("a", "id 2", "a", 2, at(0), at(90), null, null, null, Use.IN_USE);
        assertThat(said(RUNNING, inLine("a", 1, 0, null, Use.OVER), endless))
                .contains("1 token is not revoked yet and expires 2026-08-01 12:15 UTC.");
    }

    @Test
    void everyBarCanBeSeenAndNoneLeavesThePicture() {
        Span nothing = new Span(START, START, DAY_AFTER, AT_THE_END);
        Span backwards = new Span(START, at(-50), DAY_AFTER, AT_THE_END);
        var timelines = new ArrayList<Timeline>();
        for (Span span : List.of(OVER, RUNNING, nothing, backwards)) {
            timelines.add(of(
                    span,
                    revoked("short", 0, 0),
                    revoked("long after", 0, 90_001),
                    token("no end", 0, null, null, Use.OVER),
                    token("expired", 0, 50, null, Use.OVER)));
            timelines.add(of(
                    span,
                    revoked("before the build", -500, -400),
                    revoked("clock put back", 50, 20),
                    revoked("long after", 90_000, 90_001)));
        }
        for (Timeline timeline : timelines) {
            for (Row row : timeline.rows()) {
                for (Timeline.Bar bar :
                        new Timeline.Bar[] {timeline.build(), timeline.during(row), timeline.after(row)}) {
                    if (bar != null) {
                        assertThat(bar.from()).as(row.label()).isBetween(0.0, 100.0);
                        assertThat(bar.length()).as(row.label()).isBetween(0.5, 100.0);
                        assertThat(bar.from() + bar.length()).as(row.label()).isLessThanOrEqualTo(100.001);
                    }
                }
            }
        }
    }

    @Test
    void ofVeryManyTheFirstAreThoseThatOutlivedTheBuild() {
        var tokens = new ArrayList<Token>();
        for (int i = 0; i < 1000; i++) {
            tokens.add(revoked("token " + i, i / 10, i == 990 ? 500 : 100));
        }
        tokens.add(token("lives", 99, 900_000, null, Use.OVER));
        Timeline timeline = Timeline.of(OVER, tokens, 0);

        assertThat(timeline.shown()).hasSize(Timeline.MOST_SHOWN);
        assertThat(timeline.shown())
                .extracting(Row::label)
                .startsWith("token 0")
                .endsWith("lives", "token 990");
        assertThat(TimelineText.rest(timeline))
                .isEqualTo("971 more tokens are not shown; those that outlived the build are shown first.");
        assertThat(TimelineText.rest(of(OVER, revoked("a", 0, 1)))).isNull();
    }

    @Test
    void saysThatNothingOutlivedTheBuild() {
        assertThat(said(OVER, revoked("a", 0, 100)))
                .containsExactly(
                        "No known token outlived this build: its only token was revoked by the time it ended.");
        assertThat(said(OVER, revoked("a", 0, 100), revoked("b", 0, 50)))
                .containsExactly(
                        "No known token outlived this build: all of its 2 tokens were revoked by the time it ended.");
        assertThat(said(OVER, revoked("a", 0, 100), token("b", 0, 60, null, Use.LEFT_TO_EXPIRE)))
                .containsExactly(
                        "No known token outlived this build: all of its 2 tokens were revoked or expired by the time"
                                + " it ended.");
    }

    @Test
    void saysWhatOutlivedTheBuild() {
        assertThat(said(OVER, revoked("a", 0, 165), revoked("b", 0, 50)))
                .containsExactly("1 token outlived this build; it was revoked 1 min 5 s after its end.");
        assertThat(said(OVER, revoked("a", 0, 165), revoked("b", 0, 110)))
                .containsExactly("2 tokens outlived this build; the last of them was revoked 1 min 5 s after its end.");
        assertThat(said(OVER, token("a", 0, 3700, null, Use.OVER)))
                .containsExactly("1 token outlived this build; it expired 1 h 0 min after its end.");
        assertThat(said(OVER, revoked("a", 0, 165), token("b", 0, 90_000 + 8800, null, Use.OVER)))
                .containsExactly(
                        "1 token is not revoked yet and expires 2026-08-02 15:26 UTC.",
                        "1 token outlived this build; it was revoked 1 min 5 s after its end.");
    }

    @Test
    void saysWhenItDoesNotKnow() {
        assertThat(said(OVER, token("a", 0, null, null, Use.OVER)))
                .containsExactly("1 token is not revoked yet, and when it expires is not known.");
        assertThat(said(OVER, token("a", 0, null, null, Use.OVER), token("b", 0, 900_000, null, Use.OVER)))
                .containsExactly("2 tokens are not revoked yet, and when all of them have expired is not known.");
        assertThat(TimelineText.sentences(Timeline.of(OVER, List.of(revoked("a", 0, 100)), 2)))
                .containsExactly(
                        "The only token that Jenkins knows of was revoked by the end of this build.",
                        "2 more tokens may exist: Jenkins has yet to revoke them, or to find out whether they were"
                                + " created.");
        Row unknown = of(OVER, token("a", 0, null, null, Use.OVER)).rows().get(0);
        assertThat(TimelineText.outlook(unknown)).isEqualTo("its expiry is not known");
    }

    @Test
    void saysWhatOnlyExpires() {
        assertThat(said(OVER, token("a", 0, 172_800, null, Use.LEFT_TO_EXPIRE)))
                .containsExactly(
                        "The settings turn revocation off: 1 unused token is active until it expires 2026-08-03"
                                + " 12:00 UTC.");
        assertThat(said(
                        OVER,
                        token("a", 0, null, null, Use.LEFT_TO_EXPIRE),
                        token("b", 0, 172_800, null, Use.LEFT_TO_EXPIRE)))
                .containsExactly("The settings turn revocation off: 2 unused tokens are active until they expire, at a"
                        + " time that is not known.");
    }

    @Test
    void saysWhatARunningBuildUses() {
        Token used = token("a", 0, 3600, null, Use.IN_USE);
        assertThat(said(RUNNING, used)).containsExactly("This build is running; 1 of its tokens is in use.");
        assertThat(said(RUNNING, revoked("a", 0, 20)))
                .containsExactly("This build is running; none of its tokens is in use.");
        assertThat(said(RUNNING, used, token("b", 0, 3600, null, Use.OVER)))
                .containsExactly(
                        "This build is running; 1 of its tokens is in use.",
                        "1 token is not revoked yet and expires 2026-08-01 13:00 UTC.");
        assertThat(TimelineText.outlook(of(RUNNING, used).rows().get(0))).isNull();
    }

    @Test
    void whatExpiredWhileItWasHeldIsGone() {
        var expired = new Token("a", "id", "a", 1, at(0), at(0), null, null, at(60), Use.OVER);

        assertThat(of(OVER, expired).rows().get(0).state()).isEqualTo(State.EXPIRED);
    }

    @Test
    void durationsAreSaidInTheTwoGreatestUnits() {
        assertThat(TimelineText.after(of(OVER), at(65))).isEqualTo("1 min 5 s after the start");
        assertThat(TimelineText.duration(Duration.ofMillis(-5000))).isEqualTo("less than 1 s");
        assertThat(TimelineText.duration(Duration.ofMillis(59_999))).isEqualTo("59 s");
        assertThat(TimelineText.duration(Duration.ofSeconds(3599))).isEqualTo("59 min 59 s");
        assertThat(TimelineText.duration(Duration.ofHours(23).plusMinutes(5))).isEqualTo("23 h 5 min");
        assertThat(TimelineText.duration(Duration.ofDays(1234).plusHours(7))).isEqualTo("1234 d 7 h");
    }
}
