package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Something on the way sends a call on twice: no token of it is left, whatever became of the answers and of Jenkins. */
class RepeatedCallsTest extends BehindABox {
    /** A proxy sends each POST on twice; the answer of the first comes back. */
    private void repeatEachPost() {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.qwiet(request, out);
                world.make(request.body());
                return true;
            }
            return false;
        };
    }

    @Test
    void aTwinIsRevoked() throws Exception {
        repeatEachPost();
        var minted = (MintResult.Minted) world.mint();
        world.leasing.revoke(world.client(), minted.lease()).join();
        world.sweep(60);
        nothingLeft();
    }

    /** The same, and Jenkins is restarted a moment after the build is over: as people do who wait for builds to end. */
    @Test
    void aTwinIsRevokedThoughJenkinsIsRestartedAfterTheBuild() throws Exception {
        repeatEachPost();
        var minted = (MintResult.Minted) world.mint();
        world.leasing.revoke(world.client(), minted.lease()).join();
        world.restart();
        world.buildRuns = false;
        world.sweep(180);
        nothingLeft();
    }

    /**
     * The same; Qwiet cannot be reached for a while, and then a cache gives the list that it had kept before, with the date of
     * then. It is the first answer of this process, so that nothing says whether it is the list that is old, or our clock that
     * is ahead.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 15, 45})
    void aTwinIsNotForgottenByTheFirstListOfAProcess(int minutes) throws Exception {
        repeatEachPost();
        var minted = (MintResult.Minted) world.mint();
        world.leasing.revoke(world.client(), minted.lease()).join();
        world.restart();
        world.buildRuns = false;
        var given = new AtomicBoolean();
        Instant back = world.clock.instant().plus(Duration.ofMinutes(minutes));
        world.box = (request, out) -> {
            if (world.clock.instant().isBefore(back)) {
                RawServer.send(out, "502 B", "<html>");
            } else if (given.getAndSet(true)) {
                return false;
            } else {
                String kept = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        QwietBehindABox.NOW.minus(Duration.ofHours(2)).atOffset(ZoneOffset.UTC));
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}", "Date: " + kept);
            }
            return true;
        };
        world.sweep(minutes + 60);
        assertThat(given).isTrue();
        nothingLeft();
        assertThat(world.store.ended()).as("nor is it looked for any more").isEmpty();
    }

    @Test
    void aTwinIsRevokedThoughJenkinsIsRestartedDuringTheBuild() throws Exception {
        repeatEachPost();
        world.mint();
        world.restart();
        world.buildRuns = false;
        world.sweep(60);
        nothingLeft();
    }

    /** A proxy repeats the call, since the first answer came too late for it; Qwiet refuses the second, and says so. */
    @ParameterizedTest
    @CsvSource({
        "409 C,LABEL_EXISTS,there is such a token",
        "400 B,INVALID,label is taken",
        "403 F,QUOTA,too many tokens",
        "429 T,RATE_LIMITED,slow down"
    })
    void aRefusalOfARepetitionLeavesNoToken(String status, String code, String message) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                world.make(request.body());
                RawServer.send(out, status, "{\"ok\":false,\"code\":\"" + code + "\",\"message\":\"" + message + "\"}");
                return true;
            }
            return false;
        };
        world.mint();
        world.sweep(180);
        nothingLeft();
    }

    /** Of two jobs with one account one is gone, or what provides its credential fails: that is nothing to the other's twin. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTwinIsRevokedThoughTheAccountOfAnotherJobCannotBeHad(boolean thrown) throws Exception {
        world.credentials = lease -> {
            if (lease.job().equals("gone") && thrown) {
                throw new IllegalStateException("sealed");
            }
            return lease.job().equals("gone") ? Optional.empty() : Optional.of(world.client());
        };
        repeatEachPost();
        var first = (MintResult.Minted) world.mint("gone#1");
        world.pass(Duration.ofSeconds(1));
        var second = (MintResult.Minted) world.mint("shop#1");
        world.leasing.revoke(world.client(), first.lease()).join();
        world.leasing.revoke(world.client(), second.lease()).join();
        world.sweep(60);
        assertThat(world.tokens.keySet()).as("tokens that live").isEmpty();
        assertThat(world.store.leases()).extracting(Lease::job).doesNotContain("shop");
    }
}
