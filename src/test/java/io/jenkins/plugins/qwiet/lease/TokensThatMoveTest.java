package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Between the calls for two pages tokens move from one to the other: such a list proves nothing for a while, not for ever. */
class TokensThatMoveTest extends PagedQwiet {
    /**
     * Rows without an order of their own: as one is used it moves, and so does what is behind it. Nothing is deleted,
     * nothing is made; each reading has one token twice, and none shows the lost one.
     */
    @Test
    void aTokenThatSlipsAsOthersAreUsedIsNotForgotten() throws Exception {
        others.remove("o-3");
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            List<ObjectNode> all = all();
            if (page(request) == 1) {
                // "o-1" was used meanwhile.
                all.add(all.remove(0));
            }
            sendPage(out, all.subList(0, 3), page(request));
            return true;
        };
        loseResponse();
        assertThat(world.tokens).containsKey("token-1");
        world.sweep(90);
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases())
                .anySatisfy(lease -> assertThat(lease.lastError()).contains("moved from one page to another"));
    }

    /** A token of others is revoked and another made with each call; a list may name ends. */
    @ParameterizedTest
    @CsvSource({"true, 1", "false, 8"})
    void aLeaseOfNoTokenEndsInABusyOrganization(boolean namesEnds, int days) throws Exception {
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            List<ObjectNode> all = all();
            if (namesEnds) {
                all.forEach(token -> token.put("expires_at", "2027-01-01T00:00:00Z"));
            }
            sendPage(out, all, page(request));
            if (page(request) == 0) {
                othersGoOn();
            }
            return true;
        };
        loseRequest();
        world.sweep(60);
        assertThat(world.store.leases()).isNotEmpty();
        world.sweep(days * 24 * 60);
        assertThat(world.store.leases())
                .extracting(lease -> lease.buildId() + ": " + lease.lastError())
                .isEmpty();
    }

    /** One answer of a gateway's time-out: a second creation is as safe as ever, the lease of the first one stays. */
    @ParameterizedTest
    @ValueSource(strings = {"tokens move", "the second reading fails", "quiet"})
    void aBuildGetsItsTokenAtTheSecondCreation(String how) throws Exception {
        int[] creations = {0};
        int[] calls = {0};
        world.box = (request, out) -> {
            if (request.method().equals("POST") && creations[0]++ == 0) {
                RawServer.send(out, "504 T", "late");
                return true;
            } else if (!isList(request)) {
                return false;
            } else if (calls[0]++ % 3 == 2 && how.endsWith("fails")) {
                RawServer.send(out, "500 E", "");
                return true;
            }
            sendPage(out, all(), page(request));
            if (page(request) == 0 && how.endsWith("move")) {
                othersGoOn();
            }
            return true;
        };
        assertThat(world.mint("shop#1")).isInstanceOf(MintResult.Minted.class);
        assertThat(world.store.leases()).hasSize(2);
    }

    /** Each call takes less than its time-out; nothing changes. */
    @ParameterizedTest
    @ValueSource(ints = {5, 25})
    void aSlowListOfThreePagesIsTheWhole(int seconds) throws Exception {
        others.addAll(List.of("o-4", "o-5"));
        world.box = (request, out) -> {
            if (!isList(request)) {
                return false;
            }
            world.pass(Duration.ofSeconds(seconds));
            sendPage(out, all(), page(request));
            return true;
        };
        loseRequest();
        world.sweep(3 * 60);
        assertThat(world.store.leases().stream().filter(lease -> lease.tokenId() == null))
                .extracting(lease -> lease.buildId() + ": " + lease.lastError())
                .isEmpty();
    }
}
