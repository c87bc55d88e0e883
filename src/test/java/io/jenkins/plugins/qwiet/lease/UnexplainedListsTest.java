package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the tokens of each list, and in no other answer, stands what nobody knows: no lease is held for ever. */
class UnexplainedListsTest extends BehindABox {
    private static final int REQUESTED_HOURS = 1;
    private static final int MARGIN_HOURS = 6;

    private final Set<String> hidden = ConcurrentHashMap.newKeySet();
    private volatile String beside = ",\"shards\":\"a7 b2\"";
    private volatile boolean makes;
    private volatile boolean namesEnds = true;
    private volatile String refusal = "";
    /** Our clock. */
    private volatile Duration ahead = Duration.ZERO;

    @BeforeEach
    void box() {
        world.buildRuns = false;
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.box = (request, out) -> {
            if (request.path().endsWith("my_scopes")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[\"tokens:list\"]}");
            } else if (request.method().equals("GET")) {
                list(out);
            } else if (request.method().equals("POST") && request.body().contains("lost")) {
                if (makes) {
                    world.make(request.body());
                }
                RawServer.send(out, "504 T", "<html>");
            } else if (request.method().equals("DELETE") && !refusal.isEmpty()) {
                RawServer.send(out, refusal, "{\"ok\":false,\"code\":\"TOKEN\",\"message\":\"not this one\"}");
            } else {
                return false;
            }
            return true;
        };
    }

    private void list(OutputStream out) throws IOException {
        var list = world.json.createArrayNode();
        world.list().forEach(token -> {
            if (!hidden.contains(token.path("id").asText())) {
                ObjectNode listed = token.deepCopy();
                list.add(namesEnds ? listed.put("expires_at", "2030-01-01T00:00:00Z") : listed);
            }
        });
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                world.clock.instant().minus(ahead).atOffset(ZoneOffset.UTC));
        RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":" + list + beside + "}", "Date: " + date);
    }

    private void sweepHours(int hours) throws Exception {
        for (int i = 0; i < hours * 6; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
    }

    private boolean isOpen(String build) {
        return world.store.leases().stream().anyMatch(lease -> lease.buildId().equals(build));
    }

    /** A token of another build shows that Qwiet ends tokens. */
    @Test
    void theLeaseOfALostMintEndsWhenItsTokenWouldBeOver() throws Exception {
        world.mint("shop#1");
        world.mint("lost#1");
        sweepHours(REQUESTED_HOURS + MARGIN_HOURS);
        assertThat(isOpen("lost#1")).isTrue();
        sweepHours(2);
        assertThat(isOpen("lost#1")).isFalse();
    }

    @Test
    void whereNoListSaysWhenTokensEndItTakesAWeek() throws Exception {
        namesEnds = false;
        world.mint("lost#1");
        sweepHours(7 * 24);
        assertThat(isOpen("lost#1")).isTrue();
        sweepHours(3);
        assertThat(isOpen("lost#1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 B", "409 C", "410 G", "422 U", "500 S"})
    void aTokenThatQwietWouldNotRevokeIsGoneInTheEnd(String status) throws Exception {
        world.mint("shop#1");
        world.mint("done#1");
        world.tokens.remove("token-2");
        refusal = status;
        sweepHours(REQUESTED_HOURS + MARGIN_HOURS - 1);
        assertThat(isOpen("done#1")).isTrue();
        sweepHours(4);
        assertThat(isOpen("done#1")).isFalse();
    }

    /** A process that is started anew knows nothing of when it asked for what. */
    @Test
    void aRestartEachHourHoldsUpNothingForEver() throws Exception {
        world.mint("shop#1");
        world.mint("lost#1");
        int hours = 0;
        while (isOpen("lost#1") && hours < 72) {
            world.restart();
            sweepHours(1);
            hours++;
        }
        assertThat(hours).isBetween(24 + MARGIN_HOURS, 24 + MARGIN_HOURS + 24 + 2);
    }

    /** As of a machine that begins in 1970, until somebody sets its clock. */
    @Test
    void theClockOfAProcessBeforeEndsNothing() throws Exception {
        makes = true;
        hidden.add("token-2");
        world.mint("shop#1");
        ahead = Duration.ofDays(-20_000);
        world.clock.advance(ahead);
        world.mint("lost#1");
        world.clock.advance(ahead.negated());
        ahead = Duration.ZERO;
        world.restart();
        sweepHours(24);
        assertThat(isOpen("lost#1")).isTrue();
        assertThat(world.tokens).containsKey("token-2");
    }

    /** As long as it may live, a token that a list hides is not forgotten; once it is listed, it is revoked. */
    @Test
    void aTokenThatIsHiddenAWhileIsRevoked() throws Exception {
        makes = true;
        hidden.add("token-2");
        world.mint("shop#1");
        world.mint("lost#1");
        sweepHours(REQUESTED_HOURS + MARGIN_HOURS - 1);
        assertThat(world.tokens).containsKey("token-2");
        assertThat(isOpen("lost#1")).isTrue();
        hidden.clear();
        sweepHours(2);
        assertThat(world.tokens).containsOnlyKeys("token-1");
        assertThat(isOpen("lost#1")).isFalse();
    }

    /** What says in known words that something is missing, or lacks what lives, proves nothing however long it does. */
    @ParameterizedTest
    @CsvSource({"',\"truncated\":true',", "',\"shards\":\"a\",\"has_more\":true',", "',\"shards\":\"a\"',token-2"})
    void aListThatIsCutForOtherReasonsProvesNothingHoweverLong(String says, String lacking) throws Exception {
        beside = says;
        world.mint("shop#1");
        world.mint("shop#2");
        sweepHours(1);
        world.mint("lost#1");
        if (lacking != null) {
            hidden.add(lacking);
        }
        sweepHours(lacking == null ? 9 * 24 : 4);
        assertThat(isOpen("lost#1")).isTrue();
    }

    @Test
    void thePageSaysWhatStandsBesideTheListAndHowLongItTakes() throws Exception {
        beside = ",\"shards\":\"a\",\"<b>x\":\"b\",\"zone\":\"c\",\"zoo\":\"d\"";
        world.mint("lost#1");
        world.sweep(5);
        assertThat(world.store.leases())
                .extracting(Lease::lastError)
                .singleElement()
                .asString()
                .contains("\"<b>x\", \"shards\", \"zone\", …")
                .contains("six hours after its requested lifetime")
                .doesNotContain("zoo");
    }
}
