package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.audit.Timeline.Span;
import io.jenkins.plugins.qwiet.audit.Timeline.Token;
import io.jenkins.plugins.qwiet.audit.Timeline.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times of a build's tokens that no one clock can have shown, beside those that TimelineTest has. */
class TimesOfTwoClocksTest {
    private static final Instant START = Instant.parse("2026-08-01T12:00:00Z");
    private static final Duration AT_THE_END = Duration.ofSeconds(5);
    private static final String NOT_KNOWN = "whether any of them outlived the build is not known.";

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static Span span(int end, int now) {
        return new Span(START, at(end), at(now), AT_THE_END);
    }

    private static Token token(int number, int since, int created, int revoked) {
        return new Token(
                "a", "id", "a", number, at(since), at(created), at(created + 3600), at(revoked), null, Use.OVER);
    }

    private static List<String> said(Timeline timeline) {
        return TimelineText.sentences(timeline);
    }

    /**
     * Jenkins is killed half an hour after a freestyle build began, whose binding had got its token two seconds after that: such a build has no
     * duration for good. The janitor revokes as Jenkins is up again.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aKilledBuildWhoseTokenWasCreatedAtOnceHasNoKnownEnd(int created) {
        Timeline timeline = Timeline.of(span(0, 90_000), List.of(token(1, created, created, 1860)), 0);

        assertThat(said(timeline)).singleElement().asString().endsWith(NOT_KNOWN);
    }

    /** Renewed at 45 minutes, given back at 48; at 50 the clock is put back by 40 minutes, and the build ends at 20. */
    @Test
    void aRenewedTokenThatWasCreatedAfterTheEndOfTheBuildShowsTwoClocks() {
        Timeline timeline = Timeline.of(span(1200, 90_000), List.of(token(2, 60, 2700, 2880)), 0);

        assertThat(said(timeline)).singleElement().asString().endsWith(NOT_KNOWN);
    }

    /** Created at 20 minutes; the clock is put back by 20; renewed 5 after that, given back 12 later, when it had lived for more than 17. */
    @Test
    void aRenewedTokenThatWasCreatedBeforeTheFirstOfItsLineShowsTwoClocks() {
        Timeline timeline = Timeline.of(span(1300, 90_000), List.of(token(2, 1200, 300, 1000)), 0);

        assertThat(TimelineText.life(timeline, timeline.rows().get(0)))
                .isEqualTo("for how long is not known, as recorded times contradict each other");
    }

    @Test
    void aRenewedTokenThatWasCreatedBeforeTheBuildShowsTwoClocks() {
        Timeline timeline = Timeline.of(span(2400, 90_000), List.of(token(2, 1200, -600, 2400)), 0);

        assertThat(TimelineText.life(timeline, timeline.rows().get(0)))
                .isEqualTo("for how long is not known, as recorded times contradict each other");
    }

    /** Given back at 25 minutes; at 26 the clock is put back by 20; the build ends at 8, and somebody looks at 9. */
    @Test
    void aTokenThatIsRevokedInTheFutureShowsTwoClocks() {
        Timeline timeline = Timeline.of(span(480, 540), List.of(token(1, 60, 60, 1500)), 0);

        assertThat(said(timeline)).singleElement().asString().endsWith(NOT_KNOWN);
    }

    /** The same with one that died of its age while it was held. */
    @Test
    void aTokenThatExpiredInTheFutureShowsTwoClocks() {
        var expired = new Token("a", "id", "a", 1, at(60), at(60), null, null, at(1500), Use.OVER);
        Timeline timeline = Timeline.of(span(480, 540), List.of(expired), 0);

        assertThat(said(timeline)).singleElement().asString().endsWith(NOT_KNOWN);
    }

    /** Green if nothing is wrong: what a clock of its own shows is said. */
    @Test
    void timesOfOneClockAreNotCalledContradictory() {
        for (Token token : List.of(
                token(1, 0, 0, 1200),
                token(2, 60, 1100, 1204),
                token(3, 0, 1199, 4000),
                token(1, 1203, 1203, 1204),
                token(1, -4, -4, 3))) {
            assertThat(Timeline.of(span(1200, 90_000), List.of(token), 0).contradictory())
                    .isFalse();
        }
    }
}
