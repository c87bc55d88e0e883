package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A box that gives old lists with a date of its own and no sign: what Jenkins knows to live tells. */
class OldListsTest extends BehindABox {
    private JsonNode kept;
    private boolean loses;

    @BeforeEach
    void box() {
        world.builds = lease -> !lease.buildId().startsWith("lost");
        world.box = this::meddle;
        kept = world.list();
    }

    private boolean meddle(RawServer.Req request, OutputStream out) throws IOException {
        if (request.method().equals("GET") && kept != null) {
            RawServer.send(
                    out,
                    "200 OK",
                    world.json
                            .createObjectNode()
                            .put("ok", true)
                            .set("response", kept)
                            .toString(),
                    "Date: "
                            + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                    world.clock.instant().atOffset(ZoneOffset.UTC)));
            return true;
        } else if (request.method().equals("POST") && loses) {
            world.make(request.body());
            RawServer.send(out, "504 T", "<html>");
            return true;
        }
        return false;
    }

    private void lose() {
        loses = true;
        world.mint("lost#1");
        loses = false;
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 90, 240})
    void aListWithoutATokenThatLivesProvesNothing(int minutes) throws Exception {
        world.mint("shop#1");
        world.sweep(5);
        lose();
        world.sweep(minutes);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
        assertThat(world.store.leases())
                .filteredOn(lease -> lease.buildId().equals("lost#1"))
                .allSatisfy(lease -> assertThat(lease.lastError()).contains("lacks a token that Jenkins created"));

        kept = null;
        world.sweep(60);
        assertThat(world.tokens).as("of shop#1").hasSize(1);
        assertThat(world.store.leases()).extracting(Lease::buildId).containsExactly("shop#1");
    }

    /** The token that tells may be younger than the mint that was lost. */
    @Test
    void whatWasMintedAfterwardsTellsToo() throws Exception {
        lose();
        world.sweep(2);
        world.mint("shop#1");
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
        kept = null;
        world.sweep(60);
        assertThat(world.tokens).as("of shop#1").hasSize(1);
    }

    /** And it tells after a restart. */
    @Test
    void whatLivesIsKnownAfterARestart() throws Exception {
        world.mint("shop#1");
        lose();
        world.restart();
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
    }

    /** A cache that kept a list with an older token, but not the newest. */
    @Test
    void anOlderTokenInTheListSavesItNot() throws Exception {
        world.mint("shop#1");
        kept = world.list();
        world.mint("shop#2");
        world.sweep(5);
        lose();
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
    }

    /** An ended lease is not forgotten by an old list, or its twin would be. */
    @Test
    void aTwinIsNotForgottenByAnOldList() throws Exception {
        world.mint("shop#1");
        Lease ended = ((MintResult.Minted) world.mint("shop#2")).lease();
        String twin = world.make("{\"label\":\"label\",\"description\":\"[jenkins:" + ended.nonce() + " -]\"}");
        world.leasing.revoke(world.client(), ended).join();
        world.sweep(60);
        assertThat(world.tokens).containsKey(twin);
        kept = null;
        world.sweep(60);
        assertThat(world.tokens).hasSize(1).doesNotContainKey(twin);
    }

    /** Somebody deleted the build's token in Qwiet: nothing waits for that for ever. */
    @Test
    void aTokenThatSomebodyDeletedHoldsUpNothingForEver() throws Exception {
        kept = null;
        world.mint("shop#1");
        world.sweep(5);
        world.tokens.clear();
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        world.mint("lost#1");
        world.sweep(8 * 60);
        assertThat(world.store.leases()).extracting(Lease::buildId).containsExactly("shop#1");
    }

    /** Nor when the build with that token has ended: then Qwiet says itself that it is gone. */
    @Test
    void aTokenThatSomebodyDeletedHoldsUpNothingWhenItsBuildHasEnded() throws Exception {
        aTokenIsDeletedAndAMintLost();
        world.builds = lease -> false;
        world.sweep(60);
        nothingLeft();
    }

    private void aTokenIsDeletedAndAMintLost() throws Exception {
        kept = null;
        world.mint("shop#1");
        world.sweep(5);
        world.tokens.clear();
        lose();
        world.tokens.clear();
    }

    /** What is revoked, released, or over by what Qwiet said need not be listed. */
    @Test
    void aTokenThatWasReleasedTellsNothing() throws Exception {
        Lease released = ((MintResult.Minted) world.mint("shop#1")).lease();
        world.sweep(5);
        world.box = (request, out) -> {
            switch (request.method()) {
                case "POST" -> RawServer.send(out, "504 T", "<html>");
                case "DELETE" -> RawServer.send(out, "500 T", "<html>");
                default -> RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[]}");
            }
            return true;
        };
        world.leasing.release(released.nonce()).join();
        world.mint("lost#1");
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).doesNotContain("lost#1");
        world.pass(Duration.ofMinutes(1));
    }
}
