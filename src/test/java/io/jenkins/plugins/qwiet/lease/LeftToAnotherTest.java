package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.End;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator left to another Jenkins is left to it, and seen, until its token is over. */
class LeftToAnotherTest extends BehindABox {
    /** What was left to another is left to it after a restart too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsDoneAboutWhatWasLeftToAnotherAfterARestart(boolean restarted) throws Exception {
        Lease lease = ((MintResult.Minted) world.mint("shop#1")).lease();
        startAt("/elsewhere");
        world.store.forgetResting().join();
        if (restarted) {
            startAt("/elsewhere");
        }
        assertThat(world.leasing.revoke(world.client(), lease).join()).isInstanceOf(Revocation.Failed.class);
        assertThat(world.tokens).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasLeftIsSeenUntilADayAfterItsEnd(boolean restarted) throws Exception {
        Instant now = world.clock.instant();
        Map<End, Duration> kept = Map.of(
                End.at(now.plus(Duration.ofHours(1))),
                Duration.ofHours(25),
                End.UNKNOWN,
                Duration.ofDays(30),
                End.NEVER,
                Duration.ofDays(10_000));
        List<Lease> leases = new ArrayList<>();
        for (End end : kept.keySet()) {
            int number = leases.size() + 1;
            leases.add(Lease.intent(Leases.nonce(number), Leases.order("shop#" + number), Leases.ORGANIZATION, now)
                    .minted("token-" + number, end));
            world.store.put(leases.get(number - 1)).join();
        }
        startAt("/elsewhere");
        world.store.forgetResting().join();
        for (int hour = 0; hour < 31 * 24; hour++) {
            if (restarted && hour % 24 == 1) {
                startAt("/elsewhere");
            }
            Duration passed = Duration.ofHours(hour);
            assertThat(world.store.others().left())
                    .as("after %d hours", hour)
                    .extracting(RestingLease::lease)
                    .containsExactlyInAnyOrderElementsOf(leases.stream()
                            .filter(lease -> kept.get(lease.end()).compareTo(passed) >= 0)
                            .toList());
            world.pass(Duration.ofHours(1));
        }
        assertThat(world.store.resting()).isEmpty();
    }

    /** The other Jenkins did not run any more, and now its tokens are nobody's. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPersonWhoWasWrongTakesThemOverNevertheless(boolean restarted) throws Exception {
        world.mint("shop#1");
        startAt("/elsewhere");
        world.store.forgetResting().join();
        if (restarted) {
            startAt("/elsewhere");
        }
        RestingLease left = world.store.others().left().get(0);
        assertThat(left.why()).contains("this is /elsewhere");
        world.store.others().remember(List.of(left.owner())).join();
        assertThat(world.store.others().left()).isEmpty();
        assertThat(world.store.resting()).singleElement().isEqualTo(left);
        if (restarted) {
            startAt("/elsewhere");
        }
        world.store.takeOverResting().join();
        world.buildRuns = false;
        world.sweep(40);
        nothingLeft();
    }

    /** The rehearsal, where they were left to the original, takes the original's place. */
    @Test
    void whatWasLeftToThisHomeIsItsOwn() throws Exception {
        Lease lease = ((MintResult.Minted) world.mint("shop#1")).lease();
        Path leases = directory.resolve("leases");
        byte[] mark = Files.readAllBytes(leases.resolve("owner.json"));
        startAt("/elsewhere");
        world.store.forgetResting().join();
        Files.write(leases.resolve("owner.json"), mark);
        startAt("/var/jenkins");
        assertThat(world.store.leases()).containsExactly(lease);
        world.buildRuns = false;
        world.sweep(40);
        nothingLeft();
    }

    /** Before its time is set, say, a start takes it to be two months later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClockThatIsAheadForgetsNoDecision(boolean sweeps) throws Exception {
        world.store.put(ofQwiet(1)).join();
        startAt("/elsewhere");
        world.store.forgetResting().join();
        world.clock.advance(Duration.ofDays(60));
        startAt("/elsewhere");
        world.store.put(Leases.live(2, "shop#2")).join();
        if (sweeps) {
            // Qwiet says in no answer what time it is.
            look();
        }
        world.clock.advance(Duration.ofDays(-60));
        startAt("/elsewhere");
        assertThat(world.store.others().left()).hasSize(1);
        assertThat(world.store.resting()).isEmpty();
    }

    /** Of that organization: nobody knows what time it is at another one. */
    @ParameterizedTest
    @CsvSource({"26, 1", "24, 2"})
    void whatIsOverForQwietTooIsForgotten(int hours, int left) throws Exception {
        world.store.put(ofQwiet(1)).join();
        world.store.put(Leases.live(7, "shop#7")).join();
        startAt("/elsewhere");
        world.store.forgetResting().join();
        world.pass(Duration.ofHours(hours));
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                world.clock.instant().atZone(ZoneOffset.UTC));
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                String all = world.json
                        .createObjectNode()
                        .put("ok", true)
                        .set("response", world.list())
                        .toString();
                RawServer.send(out, "200 OK", all, "Date: " + date);
                return true;
            }
            return false;
        };
        look();
        assertThat(world.store.others().all()).hasSize(left);
        startAt("/elsewhere");
        assertThat(world.store.others().all()).hasSize(left);
    }

    private Lease ofQwiet(int number) {
        Instant now = world.clock.instant();
        var organization = world.client().organization();
        return Lease.intent(Leases.nonce(number), Leases.order("shop#" + number), organization, now)
                .minted("token-" + number, End.at(now.plus(Duration.ofHours(1))));
    }

    /** Asks for the list. */
    private void look() throws Exception {
        world.buildRuns = false;
        var organization = world.client().organization();
        world.store
                .put(Lease.intent(Leases.nonce(3), Leases.order("shop#3"), organization, world.clock.instant()))
                .join();
        world.sweep(1);
    }
}
