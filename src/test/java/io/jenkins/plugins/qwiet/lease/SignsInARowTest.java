package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list with the token of somebody whose label or description has many full stops in a row, as progress bars and indexes have. */
class SignsInARowTest extends BehindABox {
    @ParameterizedTest
    @CsvSource({
        "., 100",
        "., 500",
        "., 1000",
        "., 1500",
        "., 2000",
        "., 10000",
        "., 50000",
        "~, 50000",
        ">, 50000",
        "x, 50000"
    })
    void aLostTokenIsRevokedBesideALabelOf(String sign, int length) throws Exception {
        other(sign.repeat(length), "made by hand");
        loses();
        world.sweep(40);
        assertThat(world.tokens.keySet()).as("tokens that live").containsExactly("other");
    }

    @ParameterizedTest
    @CsvSource({"., 100", "., 2000", "., 10000", "., 50000", "x, 50000"})
    void aLostTokenIsRevokedBesideADescriptionOf(String sign, int length) throws Exception {
        // The label of all: people name tokens after the tool.
        other("label", "tests: " + sign.repeat(length));
        loses();
        world.sweep(40);
        assertThat(world.tokens.keySet()).as("tokens that live").containsExactly("other");
    }

    @ParameterizedTest
    @CsvSource({"., 100", "., 2000", "., 10000", "., 50000", "x, 50000"})
    void aLostTokenIsRevokedBesideOneWithoutALabelAndADescriptionOf(String sign, int length) throws Exception {
        other("", sign.repeat(length) + " OK");
        loses();
        world.sweep(40);
        assertThat(world.tokens.keySet()).as("tokens that live").containsExactly("other");
    }

    /** A build that never gets the answer does get a token at the second try, if the list was read through. */
    @ParameterizedTest
    @CsvSource({"., 100", "., 50000"})
    void aBuildGetsATokenThoughOneAnswerIsLost(String sign, int length) throws Exception {
        other(sign.repeat(length), "made by hand");
        var posts = new java.util.concurrent.atomic.AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("POST") && posts.incrementAndGet() == 1) {
                world.make(request.body());
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        assertThat(world.mint()).isInstanceOf(MintResult.Minted.class);
    }

    private void other(String label, String description) {
        world.tokens.put(
                "other",
                world.json
                        .createObjectNode()
                        .put("id", "other")
                        .put("label", label)
                        .put("description", description));
    }

    private void loses() {
        losesAnAnswer(text -> text);
    }
}
