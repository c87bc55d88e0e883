package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token without a readable mark ends no lease of a lost mint, unless it is certainly another's. */
class UnmarkedTokensTest extends LostMintsBehindABox {
    private void byHand(String id, String label, String description) {
        ObjectNode token = world.json.createObjectNode().put("id", id).put("label", label);
        if (description != null) {
            token.put("description", description);
        }
        world.tokens.put(id, token);
    }

    /** An older token of Jenkins' own has its description; of those that were made since an update, none is given. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneOfJenkinsOwnWithItsDescriptionProvesNothingWhereANewerHasNone(boolean older) throws Exception {
        if (older) {
            mint("label", "", "shop#1");
            world.sweep(30);
        }
        keeps = UnmarkedTokensTest::undescribed;
        mint("label", "", "shop#2");
        mint("label", "", "lost#1");
        world.sweep(120);
        leaseOfLostStays();
    }

    /** More tokens without a description than are kept. */
    @ParameterizedTest
    @CsvSource({"9990,false", "9990,true", "10020,false", "10020,true"})
    void tenThousandTokensWithoutADescriptionHideNone(int many, boolean oneHasOne) throws Exception {
        if (oneHasOne) {
            byHand("other", "another", "for what people try out");
        }
        for (int i = 0; i < many; i++) {
            byHand("h" + i, "hand " + i, null);
        }
        keeps = UnmarkedTokensTest::undescribed;
        mint("label", "", "lost#1");
        world.sweep(15);
        leaseOfLostStays();
    }

    /** The user's text alone is left: no readable mark, and the same label. */
    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 32, 45})
    void whereOnlyTheUsersTextIsKeptNoLeaseEnds(int kept) throws Exception {
        keeps = token -> {
            String whole = token.path("description").asText();
            return token.put("description", whole.substring(0, Math.min(kept, whole.length())));
        };
        mint("shop #7", "Scans the shop, for the web team", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** A column of so many bytes. A text of few characters may have many. */
    @ParameterizedTest
    @ValueSource(ints = {130, 120, 116})
    void aDescriptionThatIsCutByBytesHasItsMark(int kept) throws Exception {
        UnaryOperator<String> cut = text -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return new String(Arrays.copyOf(bytes, Math.min(kept, bytes.length)), StandardCharsets.UTF_8);
        };
        byHand("other", "another", cut.apply("For what people try out. ".repeat(9)));
        keeps = token ->
                token.put("description", cut.apply(token.path("description").asText()));
        mint("shop #7", "\u6bce\u6669\u5e97\u8217\u3092\u8abf\u3079\u308b".repeat(4) + "\u3002\u3002\u3002", "lost#1");
        world.sweep(60);
        assertThat(world.tokens.keySet()).containsExactly("other");
        assertThat(world.store.leases()).isEmpty();
    }

    /** What people write in Qwiet's pages is kept longer than what comes by its API. */
    @ParameterizedTest
    @ValueSource(ints = {9, 13, 20, 24})
    void aMarkThatIsCutIsInQuestionThoughAPersonsDescriptionIsLong(int kept) throws Exception {
        byHand("other", "another", "For what people try out. ".repeat(4));
        keeps = token ->
                token.put("description", token.path("description").asText().substring(0, kept));
        mint("shop #7", "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** Something empties the descriptions of what comes by the API; those that people write are there. */
    @Test
    void anEmptiedDescriptionIsInQuestionThoughAPersonHasOne() throws Exception {
        byHand("other", "another", "For what people try out.");
        keeps = token -> token.put("description", "");
        mint("shop #7", "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** A label that ends as one that was cut does. */
    @ParameterizedTest
    @ValueSource(strings = {"Nightly scan", "Nightly scan.", "scan...", "scan\u2026", "Scan of the whole shop."})
    void aLabelWithAFullStopIsTheSameLabel(String label) throws Exception {
        keeps = UnmarkedTokensTest::undescribed;
        mint(label, "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** Neither label nor description is required of a listed token. */
    @Test
    void aTokenOfWhichOnlyTheIdIsListedIsInQuestion() throws Exception {
        keeps = token -> {
            token.remove("description");
            token.remove("label");
            return token;
        };
        mint("label", "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** As in ordinary organizations: what people describe themselves is nobody else's for long. */
    @ParameterizedTest
    @ValueSource(strings = {"made by hand", "for Jenkins, by Eve", ""})
    void aPersonsOwnDescriptionHoldsUpNothingForEver(String description) throws Exception {
        makes = false;
        mint("label", "", "lost#1");
        byHand("mine", "label", description);
        world.sweep(60);
        leaseOfLostStays();
        world.sweep(7 * 60);
        assertThat(world.store.leases()).isEmpty();
    }

    /** What was asked for later is listed just as it was sent, and is no shorter. */
    @ParameterizedTest
    @CsvSource({"made by hand, true", "made by hand, false", ", false"})
    void aLaterTokenWithItsDescriptionTellsAPersons(String description, boolean first) throws Exception {
        makes = false;
        mint("label", "why", "lost#1");
        byHand("mine", "label", description);
        world.sweep(first ? 30 : 1);
        mint("label", "why", "shop#2");
        world.sweep(60);
        leaseOfLostIsGone();
    }

    /** Each of these might be so where the lost one has no description. */
    @ParameterizedTest
    @ValueSource(strings = {"earlier", "shorter", "one without", "cut"})
    void noOtherTokenOfJenkinsTells(String which) throws Exception {
        if (which.equals("earlier")) {
            mint("label", "why it is", "shop#1");
        }
        UnaryOperator<ObjectNode> asItIs = keeps;
        keeps = UnmarkedTokensTest::undescribed;
        mint("label", "why", "lost#1");
        if (which.equals("one without")) {
            mint("label", "why", "shop#1");
        }
        keeps = which.equals("cut")
                ? token -> token.put(
                        "description", token.path("description").asText().substring(0, 50))
                : asItIs;
        if (!which.equals("earlier")) {
            mint("label", which.equals("shorter") ? "" : "why it is", "shop#2");
        }
        world.sweep(10 * 60);
        leaseOfLostStays();
    }

    /** What is as long as the lost one's, and has its own mark, was not kept as it was sent all the same. */
    @ParameterizedTest
    @CsvSource({"by the gateway of the web team: , 110", "(API) , 99", "'', 104"})
    void alaterTokenThatIsNotListedAsItWasSentTellsNothing(String before, int kept) throws Exception {
        UnaryOperator<String> changed = text -> {
            String all = before + text;
            return all.substring(0, Math.min(kept, all.length()));
        };
        UnaryOperator<ObjectNode> cut = token ->
                token.put("description", changed.apply(token.path("description").asText()));
        keeps = UnmarkedTokensTest::undescribed;
        mint("label", "why", "lost#1");
        keeps = cut;
        mint("label", "For what the web team tries out, again and again, each night", "shop#2");
        world.sweep(10 * 60);
        leaseOfLostStays();
    }

    /** Something on the way empties what has characters that it does not like. */
    @ParameterizedTest
    @ValueSource(strings = {"pr\u00fcft", "<why>", "a & b", "it's", "50 %", "\ud83d\ude80"})
    void aLaterTokenWithoutTheSameSignsTellsNothing(String text) throws Exception {
        keeps = token -> token.path("description").asText().contains(text) ? token.put("description", "") : token;
        mint("label", text, "lost#1");
        mint("label", "for the web team", "shop#2");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** When what was asked for is over: descriptions are given, but cut, as the lost one's would be. */
    @ParameterizedTest
    @ValueSource(ints = {3, 8, 12})
    void whereJenkinsOwnAreCutNoLeaseEndsThoughItsTimeIsOver(int kept) throws Exception {
        keeps = token ->
                token.put("description", token.path("description").asText().substring(0, kept));
        mint("label", "Scans the shop", "shop#1");
        mint("label", "Scans the shop", "lost#1");
        world.sweep(9 * 60);
        leaseOfLostStays();
    }

    /** A label that is emptied is as none. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u00a0", "..."})
    void aTokenWhoseLabelIsEmptiedIsInQuestion(String listed) throws Exception {
        keeps = token -> undescribed(token).put("label", listed);
        mint("label", "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** More of the same label than are remembered: none of them is certainly an older one. */
    @Test
    void tenThousandTokensOfTheSameLabelHideNone() throws Exception {
        for (int i = 0; i < 10_100; i++) {
            byHand("h" + i, "label", null);
        }
        keeps = UnmarkedTokensTest::undescribed;
        mint("label", "", "lost#1");
        world.sweep(15);
        leaseOfLostStays();
    }

    /** Something on the way changes labels, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NIGHTLY SCAN OF THE SHOP",
                "Nightly  scan of the shop ",
                "nightly scan of th",
                "Nightly scan of t..."
            })
    void aLabelThatWasChangedMayBeTheSame(String listed) throws Exception {
        keeps = token -> undescribed(token).put("label", listed);
        mint("Nightly scan of the shop", "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** Whoever may edit a token may write another's nonce into it. */
    @Test
    void aTokenThatJenkinsKnowsIsNoOthersWhateverIsWrittenIntoIt() throws Exception {
        mint("label", "", "shop#1");
        makes = false;
        mint("label", "", "lost#1");
        String lost = world.store.leases().stream()
                .filter(lease -> lease.buildId().equals("lost#1"))
                .findFirst()
                .orElseThrow()
                .nonce();
        world.tokens.get("token-1").put("description", "[jenkins:" + lost + " -]");
        world.sweep(60);
        assertThat(world.tokens).containsOnlyKeys("token-1");
        leaseOfLostIsGone();
    }
}
