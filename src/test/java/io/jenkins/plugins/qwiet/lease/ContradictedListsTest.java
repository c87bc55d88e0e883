package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that contradict what is known, or one another, prove no absence. */
class ContradictedListsTest extends LostMintsBehindABox {
    private static String date(Instant at) {
        return "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    /** Two builds run; a list that is cut without a sign lacks the token of one of them. */
    @ParameterizedTest
    @CsvSource({"true,1", "false,1", "true,2", "false,2"})
    void aListThatLacksAnyTokenThatLivesProvesNothing(boolean ends, int lacking) throws Exception {
        named = ends;
        mint("shop#1");
        world.sweep(2);
        mint("shop#2");
        world.sweep(5);
        hidden.addAll(Set.of("token-" + lacking, "token-3"));
        mint("lost#1");
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-3");
        leaseOfLostStays();
    }

    @Test
    void aNewerTokenWithAnEndHidesNoneWithout() throws Exception {
        mint("shop#1");
        world.sweep(2);
        named = true;
        mint("shop#2");
        world.sweep(5);
        hidden.addAll(Set.of("token-1", "token-3"));
        mint("lost#1");
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-3");
        leaseOfLostStays();
    }

    /** It may be over: Qwiet named no end, and what was asked for is over. */
    @Test
    void whatMayBeOverIsMissedByNobody() throws Exception {
        makes = false;
        mint("shop#1");
        world.sweep(70);
        mint("shop#2");
        hidden.add("token-1");
        world.sweep(5);
        mint("lost#1");
        world.sweep(30);
        leaseOfLostIsGone();
    }

    /** One token was missing in one list; lists fail for hours; then an old one lacks another, which lives. */
    @ParameterizedTest
    @ValueSource(ints = {10, 26})
    void twoListsAreNotAgainAndAgain(int hours) throws Exception {
        named = true;
        mint("shop#1");
        world.sweep(5);
        hidden.add("token-1");
        makes = false;
        mint("lost#0");
        world.sweep(1);
        hidden.clear();
        listStatus = "503 S";
        world.sweep(hours * 60);
        old = world.json.createArrayNode();
        old.add(world.tokens.get("token-1"));
        mint("shop#2");
        makes = true;
        mint("lost#1");
        world.sweep(5);
        listStatus = "200 OK";
        world.sweep(45);
        assertThat(world.tokens).containsKey("token-3");
        leaseOfLostStays();
    }

    /** The same token each time: the first list that lacks it, and one eight hours later, are not six hours of lists. */
    @Test
    void twoListsWithoutTheSameTokenAreNotSixHours() throws Exception {
        named = true;
        mint("shop#1");
        world.sweep(5);
        makes = false;
        hidden.add("token-1");
        mint("lost#0");
        world.sweep(1);
        listStatus = "503 S";
        world.sweep(8 * 60);
        makes = true;
        hidden.add("token-2");
        mint("lost#1");
        listStatus = "200 OK";
        world.sweep(45);
        assertThat(world.tokens).containsKey("token-2");
        leaseOfLostStays();
    }

    /** Six hours of lists without it: somebody deleted it, though lists failed now and then. */
    @Test
    void listsThatFailNowAndThenHoldUpNothingForEver() throws Exception {
        named = true;
        makes = false;
        mint("shop#1");
        world.sweep(5);
        hidden.add("token-1");
        mint("lost#1");
        for (int hour = 0; hour < 8; hour++) {
            listStatus = "503 S";
            world.sweep(20);
            listStatus = "200 OK";
            world.sweep(40);
        }
        leaseOfLostIsGone();
    }

    /** Not listed in the first second; then listed for long, without a description; then one list lacks it. */
    @ParameterizedTest
    @CsvSource({"true,60", "false,60", "true,12", "true,600"})
    void oneListWithoutItAfterManyWithItProvesNothing(boolean lateAtFirst, int minutes) throws Exception {
        keeps = LostMintsBehindABox::undescribed;
        if (lateAtFirst) {
            hidden.addAll(Set.of("token-1", "token-2"));
        }
        mint("lost#1");
        hidden.clear();
        world.sweep(minutes);
        leaseOfLostStays();
        hidden.addAll(Set.of("token-1", "token-2"));
        sweepForOneList();
        hidden.clear();
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-1");
        leaseOfLostStays();
    }

    /** Listed late, and by then lists fail, or are partial, for an hour; then one list lacks it. */
    @ParameterizedTest
    @CsvSource({"503 S,0", "206 P,0", "503 S,5", "206 P,5"})
    void oneListAfterAnHourWithoutOneProvesNothing(String status, int late) throws Exception {
        keeps = LostMintsBehindABox::undescribed;
        hidden.addAll(Set.of("token-1", "token-2"));
        mint("lost#1");
        world.sweep(late);
        listStatus = status;
        world.sweep(75);
        leaseOfLostStays();
        listStatus = "200 OK";
        sweepForOneList();
        hidden.clear();
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-1");
        leaseOfLostStays();
    }

    /** The clock of the cache is ahead of Qwiet's: by that, the token which tells would be over. */
    @ParameterizedTest
    @CsvSource({"7200,0", "7200,-7200", "90000,0", "90000,3", "7200,10800"})
    void aCacheWhoseClockIsAheadEndsNoTokenThatTells(int ahead, int oursAhead) throws Exception {
        named = true;
        ends = world.clock.instant().plus(Duration.ofHours(1));
        mint("shop#1");
        world.sweep(3);
        var before = world.box;
        var kept = world.json.createArrayNode();
        world.box = (request, out) -> {
            if (!request.method().equals("GET")) {
                return before.meddle(request, out);
            }
            RawServer.send(
                    out,
                    "200 OK",
                    world.json
                            .createObjectNode()
                            .put("ok", true)
                            .set("response", kept)
                            .toString(),
                    date(world.clock.instant().plusSeconds(ahead)));
            return true;
        };
        world.clock.advance(Duration.ofSeconds(oursAhead));
        mint("lost#1");
        world.sweep(45);
        assertThat(world.tokens).containsKey("token-2");
        leaseOfLostStays();
    }

    /** A mint was lost a second before Jenkins was killed; lists show a token after eleven minutes only. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFirstLookAfterARestartDoesNotCount(boolean restarts) throws Exception {
        mint("shop#1");
        world.sweep(5);
        hidden.add("token-2");
        hidden.add("token-3");
        mint("lost#1");
        world.pass(Duration.ofSeconds(1));
        if (restarts) {
            world.restart();
        }
        world.sweep(11);
        leaseOfLostStays();
        hidden.clear();
        world.sweep(30);
        assertThat(world.tokens.keySet()).containsExactly("token-1");
        leaseOfLostIsGone();
    }

    /** Lists that lack a token that lives count for nothing, also not as the first look. */
    @Test
    void anOutdatedListBetweenTwoLooksStartsThemAgain() throws Exception {
        keeps = LostMintsBehindABox::undescribed;
        named = true;
        mint("shop#1");
        world.sweep(5);
        hidden.addAll(Set.of("token-2", "token-3"));
        mint("lost#1");
        world.sweep(4);
        hidden.add("token-1");
        world.sweep(20);
        hidden.remove("token-1");
        sweepForOneList();
        hidden.clear();
        world.sweep(30);
        assertThat(world.tokens).containsKey("token-2");
        leaseOfLostStays();
    }
}
