package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Qwiet says nowhere how much of a description it keeps. */
class CutDescriptionsTest extends BehindABox {
    private static final String LABEL = "nightly scan";

    @ParameterizedTest
    @ValueSource(strings = {"2000", "255", "128", "100", "64", "41", "40", "32", "25", "64…", "64...", "30 ..."})
    void aTokenIsFoundByWhatIsLeft(String kept) throws Exception {
        makesTokensAndSaysNothing(kept);
        world.sweep(60);
        nothingLeft();
    }

    /** Letters follow at once, which say that it was cut. */
    @ParameterizedTest
    @ValueSource(strings = {"29etc", "29more", "25and 80 more", "29_truncated", "29truncated", "29 cut"})
    void aTokenIsFoundByWhatIsLeftBeforeAWord(String kept) throws Exception {
        aTokenIsFoundByWhatIsLeft(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"15etc", "20more", "29face", "29bad"})
    void whatIsLeftOfNoneBeforeAWordEndsNoLease(String kept) throws Exception {
        whatIsLeftOfNoneEndsNoLease(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"24", "16", "9", "5", "5…", "1", "0"})
    void whatIsLeftOfNoneEndsNoLease(String kept) throws Exception {
        makesTokensAndSaysNothing(kept);
        world.sweep(60);
        assertThat(world.tokens).isNotEmpty();
        assertThat(world.store.leases()).isNotEmpty();
        assertThat(world.store.leases().get(0).lastError()).contains("delete it in Qwiet");

        world.tokens.clear();
        world.sweep(80);
        nothingLeft();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "24 (truncated)",
                "20 [truncated]",
                "16…]",
                "16 …(+120)",
                "13&hellip;",
                "12~",
                "10--",
                "10\uFFFD",
                "9 (more)",
                "7…(+120)",
                "5 (truncated)"
            })
    void whatIsLeftOfNoneBeforeASignEndsNoLease(String kept) throws Exception {
        whatIsLeftOfNoneEndsNoLease(kept);
    }

    /** What people write may be kept where what Jenkins sends is emptied. */
    @Test
    void aTokenMadeByHandWithoutADescriptionHoldsUpNothingForEverWhereDescriptionsAreKept() throws Exception {
        byHand("1", LABEL, "");
        byHand("2", "another", "For what people try out.");
        loses();
        world.sweep(60);
        assertThat(world.store.leases()).isNotEmpty();
        world.sweep(7 * 60);
        assertThat(world.tokens).hasSize(2);
        assertThat(world.store.leases()).isEmpty();
    }

    @Test
    void tokensOfOtherLabelsHoldUpNothing() throws Exception {
        byHand("1", "another", "");
        byHand("2", "nightly scan of something else", "");
        loses();
        world.sweep(60);
        assertThat(world.tokens).hasSize(2);
        assertThat(world.store.leases()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "nightly"})
    void aTokenOfAnotherLabelHoldsUpNothingWhereNoneHasADescription(String label) throws Exception {
        byHand("1", label, "");
        loses();
        world.sweep(60);
        assertThat(world.tokens).hasSize(1);
        assertThat(world.store.leases()).isEmpty();
    }

    /** A mint that was turned away has no token; only one that is found says otherwise. */
    @Test
    void whatWasTurnedAwayIsNotLookedForForEver() throws Exception {
        byHand("1", LABEL, "");
        var lists = new AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "429 T", "{\"ok\":false,\"code\":\"SLOW\",\"message\":\"m\"}");
                return true;
            } else if (request.method().equals("GET")) {
                lists.incrementAndGet();
            }
            return false;
        };
        mint();
        world.sweep(6 * 60);
        assertThat(lists.get()).isBetween(1, 10);
        assertThat(world.store.ended()).isEmpty();
        assertThat(world.tokens).hasSize(1);
    }

    private void byHand(String id, String label, String description) {
        world.tokens.put(
                id,
                world.json.createObjectNode().put("id", id).put("label", label).put("description", description));
    }

    /** Qwiet makes tokens, and something on the way answers in its place. */
    private void makesTokensAndSaysNothing(String kept) {
        int length = Integer.parseInt(kept.replaceAll("[^0-9].*", ""));
        String ellipsis = kept.replaceFirst("^[0-9]+", "");
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                ObjectNode token = world.tokens.get(world.make(request.body()));
                String whole = token.path("description").asText();
                token.put("description", whole.length() <= length ? whole : whole.substring(0, length) + ellipsis);
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        mint();
    }

    private void loses() {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        mint();
    }

    private void mint() {
        var order = new MintRequest(
                LABEL,
                "Scans the shop, for the team that ".repeat(8),
                Duration.ofHours(1),
                Account.ofJenkins("sa"),
                "shop#1",
                "https://jenkins.example/job/shop/1/");
        world.leasing.mint(world.client(), order).join();
        world.buildRuns = false;
    }
}
