package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jenkins.plugins.qwiet.api.Canned.Answer;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What time it is at Qwiet. */
class ServerClockTest {
    private static final Instant START = Instant.parse("2026-08-03T10:00:00Z");

    @RegisterExtension
    private final Canned server = new Canned();

    private final FakeClock clock = new FakeClock(START);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ServerClock ofQwiet = new ServerClock(clock, nanos::get);

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertThat(ofQwiet.skew()).isNull();
        assertThat(ofQwiet.now()).isEqualTo(START);
    }

    @Test
    void tellsTheTimesApart() {
        Instant qwiets = START.plus(Duration.ofHours(2));
        long sent = nanos.get();
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        ofQwiet.saw(qwiets, sent, false);
        assertThat(ofQwiet.skew()).isCloseTo(Duration.ofHours(2), Duration.ofSeconds(2));
    }

    /** A clock that is set says nothing about Qwiet's. */
    @Test
    void isNotFooledByAClockThatIsSet() {
        ofQwiet.saw(START, nanos.get(), false);
        clock.advance(Duration.ofHours(5));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(ofQwiet.now()).isCloseTo(START.plusSeconds(60), within(2, ChronoUnit.SECONDS));
        assertThat(ofQwiet.skew()).isCloseTo(Duration.ofMinutes(1).minusHours(5), Duration.ofSeconds(2));
    }

    /** Nothing ends by the clock of a cache that is ahead, nor by ours. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, -3})
    void isNotLaterThanWhatNoCacheCanHaveSaid(int hoursOurs) {
        ofQwiet.saw(START, nanos.get(), false);
        clock.advance(Duration.ofHours(hoursOurs));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        ofQwiet.saw(START.plus(Duration.ofHours(2)), nanos.get(), true);
        assertThat(ofQwiet.atLeast())
                .isCloseTo(
                        hoursOurs < 0 ? clock.instant() : START.plusSeconds(hoursOurs == 0 ? 0 : 60),
                        within(2, ChronoUnit.SECONDS));
    }

    /** A cache may have kept it: what it differs from our clock by is no word to anybody yet. */
    @Test
    void anOldListAloneTellsNoDifference() {
        Instant kept = START.minusSeconds(6 * 3600);
        for (int i = 0; i < 20; i++) {
            ofQwiet.saw(kept, nanos.get(), true);
            assertThat(ofQwiet.skew()).isNull();
            passes(Duration.ofMinutes(1));
            clock.advance(Duration.ofMinutes(1));
        }
        ofQwiet.saw(clock.instant(), nanos.get(), false);
        assertThat(ofQwiet.skew()).isCloseTo(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void aListFromTheFutureWasNotKept() {
        ofQwiet.saw(START.plusSeconds(3600), nanos.get(), true);
        assertThat(ofQwiet.skew()).isCloseTo(Duration.ofHours(1), Duration.ofSeconds(2));
    }

    @Test
    void isNotSetBackByAListThatWasKept() {
        ofQwiet.saw(START, nanos.get(), false);
        for (int i = 0; i < 20; i++) {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            ofQwiet.saw(START.minusSeconds(3600), nanos.get(), true);
        }
        assertThat(ofQwiet.now()).isCloseTo(START.plusSeconds(1200), within(2, ChronoUnit.SECONDS));
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Nodes of a cache, say, that refresh what they keep each time that they give it. */
    @ParameterizedTest
    @ValueSource(ints = {45, 300, 86_400})
    void takesWhatIsAlwaysAsOldForNoClock(int behind) {
        for (int minute = 0; minute < 400; minute++) {
            Instant now = START.plusSeconds(60L * minute);
            ofQwiet.saw(now, nanos.get(), false);
            passes(Duration.ofSeconds(1));
            ofQwiet.saw(now.minusSeconds(behind), nanos.get(), true);
            assertThat(ofQwiet.now()).isCloseTo(now, within(2, ChronoUnit.SECONDS));
            assertThat(ofQwiet.earliest()).isCloseTo(now, within(2, ChronoUnit.SECONDS));
            passes(Duration.ofSeconds(59));
        }
    }

    @Test
    void takesNoKeptListForAClockThoughOthersTellTheTime() {
        for (int i = 0; i < 100; i++) {
            ofQwiet.saw(START.plusSeconds(20L * i), nanos.get(), false);
            ofQwiet.saw(START.minusSeconds(100), nanos.get(), true);
            assertThat(ofQwiet.earliest()).isCloseTo(ofQwiet.now(), within(2, ChronoUnit.SECONDS));
            passes(Duration.ofSeconds(20));
        }
    }

    /** Each was kept when it was asked for, and each is asked for again in the same turn. */
    @Test
    void takesTheKeptListsOfTwoAccountsForNoClock() {
        for (int i = 0; i < 20; i++) {
            ofQwiet.saw(START.plusSeconds(660L * i), nanos.get(), false);
            ofQwiet.saw(START.minusSeconds(1000), nanos.get(), true);
            passes(Duration.ofSeconds(180));
            ofQwiet.saw(START.minusSeconds(820), nanos.get(), true);
            assertThat(ofQwiet.earliest()).isCloseTo(START.plusSeconds(660L * i + 180), within(2, ChronoUnit.SECONDS));
            passes(Duration.ofSeconds(480));
        }
    }

    @Test
    void followsAnAnswerThatNoCacheGives() {
        ofQwiet.saw(START, nanos.get(), false);
        ofQwiet.saw(START.minusSeconds(18_000), nanos.get(), false);
        assertThat(ofQwiet.now()).isCloseTo(START.minusSeconds(18_000), within(2, ChronoUnit.SECONDS));
    }

    /** A call, of which the answer was dated at that second. Time goes on here and there. */
    private void call(int seconds, int datedAt, Duration ahead, boolean keepable) {
        long sent = nanos.get();
        Instant date = clock.instant().plusSeconds(datedAt).plus(ahead);
        passes(Duration.ofSeconds(seconds));
        clock.advance(Duration.ofSeconds(seconds));
        ofQwiet.saw(date, sent, keepable);
    }

    /** Nobody knows when in those minutes it was dated: that is no difference that is worth a word. */
    @ParameterizedTest
    @CsvSource({"100, 0", "100, 100", "300, 0", "300, 150", "300, 300"})
    void aSlowAnswerOfTheSameTimeTellsNoDifference(int seconds, int datedAt) {
        call(seconds, datedAt, Duration.ZERO, false);
        assertThat(ofQwiet.skew()).isCloseTo(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(ofQwiet.now()).isCloseTo(clock.instant(), within(1, ChronoUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource({"0, 7200", "100, 7200", "0, -7200", "100, -7200"})
    void aSlowAnswerOfAnotherTimeTellsIt(int datedAt, int seconds) {
        call(100, datedAt, Duration.ofSeconds(seconds), false);
        assertThat(ofQwiet.skew().abs()).isBetween(Duration.ofSeconds(7098), Duration.ofSeconds(7202));
        assertThat(ofQwiet.skew().isNegative()).isEqualTo(seconds < 0);
    }

    /** Else no list would be believed for its date. */
    @ParameterizedTest
    @CsvSource({"0, 0", "100, 0", "100, 3600", "0, -3600", "100, -3600"})
    void aListAfterASlowAnswerIsNotOld(int datedAt, int ahead) {
        Duration qwiets = Duration.ofSeconds(ahead);
        call(100, datedAt, qwiets, false);
        Instant asked = ofQwiet.earliest();
        assertThat(ServerClock.isOld(clock.instant().plus(qwiets), asked)).isFalse();
        call(1, 1, qwiets, true);
        assertThat(ofQwiet.skew()).isCloseTo(qwiets, Duration.ofSeconds(3));
        assertThat(ofQwiet.earliest()).isCloseTo(clock.instant().plus(qwiets), within(3, ChronoUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "100, false", "0, true", "100, true"})
    void aSlowAnswerTakesNothingFromWhatIsKnown(int datedAt, boolean keepable) {
        call(1, 1, Duration.ofHours(-1), false);
        for (int i = 0; i < 5; i++) {
            call(100, datedAt, Duration.ofHours(-1), keepable);
            assertThat(ofQwiet.skew()).isCloseTo(Duration.ofHours(-1), Duration.ofSeconds(2));
            assertThat(ofQwiet.earliest()).isCloseTo(clock.instant().minusSeconds(3600), within(2, ChronoUnit.SECONDS));
        }
    }

    @Test
    void slowAnswersFollowAClockThatIsSet() {
        call(1, 1, Duration.ZERO, false);
        call(100, 50, Duration.ofHours(3), false);
        assertThat(ofQwiet.skew()).isCloseTo(Duration.ofHours(3), Duration.ofSeconds(52));
    }

    /** What a cache kept goes on like no clock, however long it takes to give it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 70, 200})
    void aSlowListThatWasKeptIsNoClock(int seconds) {
        Instant kept = START.minusSeconds(6 * 3600);
        for (int i = 0; i < 20; i++) {
            call(seconds, 0, Duration.between(clock.instant(), kept), true);
            assertThat(ofQwiet.skew()).isNull();
            passes(Duration.ofSeconds(10));
            clock.advance(Duration.ofSeconds(10));
        }
    }

    private static String date(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private Duration skewAfter(int status, String body, Map<String, String> headers) {
        server.says(new Answer(status, body, headers));
        QwietClient client = server.client();
        client.myScopes().join();
        return client.clock().skew();
    }

    @ParameterizedTest
    @ValueSource(longs = {-7200, 0, 7200})
    void isKnownAfterACall(long seconds) {
        try (var fake = FakeQwiet.start(clock);
                var clients = new QwietClients(clock)) {
            fake.tellTime(Duration.ofSeconds(seconds));
            var organization = new Organization(
                    ApiAddress.parse(fake.address()), fake.organization().id());
            var client = clients.client(
                    ConnectionSettings.defaults(),
                    organization,
                    SecretText.of(fake.organization().serviceAccount()));
            client.create(OverFake.TOKEN).join();
            assertThat(client.clock().skew()).isCloseTo(Duration.ofSeconds(seconds), Duration.ofSeconds(5));
            assertThat(clients.clockOf(organization.address())).isSameAs(client.clock());
        }
    }

    /** The JDK's server writes the time of this machine by itself. */
    @Test
    void isReadFromAnswersOfQwiet() {
        assertThat(skewAfter(200, "{\"ok\":true,\"response\":[]}", Map.of()))
                .isCloseTo(Duration.ZERO, Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "{\"code\":\"x\"}"})
    void isNotReadFromAnswersOfOthers(String body) {
        assertThat(skewAfter(403, body, Map.of("X-Date", date(START)))).isNull();
    }

    @Test
    void isNotReadFromACache() {
        assertThat(skewAfter(200, "{\"ok\":true,\"response\":[]}", Map.of("Age", "4000")))
                .isNull();
    }

    /** A box in Qwiet's place, without a battery, answers whatever it is asked with nothing. */
    @ParameterizedTest
    @CsvSource({"200, ''", "200, {}", "404, ''"})
    void isNotReadFromADeletionThatSaysNothing(int status, String body) {
        server.says(new Answer(status, body, Map.of()));
        QwietClient client = server.client();
        client.delete("token-1").join();
        assertThat(client.clock().skew()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "200 ! {\"ok\":true}",
                "404 ! {\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token token-1 not found\"}",
                "403 ! {\"ok\":false,\"code\":\"FORBIDDEN\",\"message\":\"no\"}"
            })
    void isReadFromADeletionThatIsQwiets(int status, String body) {
        server.says(new Answer(status, body, Map.of()));
        QwietClient client = server.client();
        client.delete("token-1").join();
        assertThat(client.clock().skew()).isCloseTo(Duration.ZERO, Duration.ofSeconds(5));
    }
}
