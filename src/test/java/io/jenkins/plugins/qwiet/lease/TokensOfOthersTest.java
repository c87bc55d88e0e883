package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be a lost mint's token, and what is certainly a person's. */
class TokensOfOthersTest extends LostMintsBehindABox {
    private void byHand() {
        ObjectNode token = world.json
                .createObjectNode()
                .put("id", "mine")
                .put("label", "label")
                .put("description", "made by hand");
        world.tokens.put("mine", token);
    }

    /** What is left of Jenkins' own descriptions has no whole mark. */
    @ParameterizedTest
    @ValueSource(ints = {64, 200})
    void aPersonsTokenHoldsUpNoLeaseForEverWhereDescriptionsAreCut(int kept) throws Exception {
        keeps = token -> {
            String whole = token.path("description").asText();
            return token.put("description", whole.substring(0, Math.min(kept, whole.length())));
        };
        makes = false;
        mint("lost#1");
        byHand();
        for (int n = 1; n < 30; n++) {
            mint("Scans the shop for all teams of the web", "shop#" + n);
            if (n > 1) {
                end("shop#" + (n - 1));
            }
            world.sweep(60);
        }
        leaseOfLostIsGone();
    }

    /** A person wrote another description into a token of Jenkins whose build runs for long. */
    @Test
    void aDescriptionOfOursThatAPersonRewroteHoldsUpNoLeaseForEver() throws Exception {
        makes = false;
        mint("shop#1");
        world.tokens.get("token-1").put("description", "please do not delete");
        mint("lost#1");
        byHand();
        world.sweep(30 * 60);
        leaseOfLostIsGone();
    }

    /** A label of another JSON type is none that can be told. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "[\"label\"]", "{\"text\":\"label\"}", "7", "true", "\"label\""})
    void aLabelThatCannotBeReadIsInQuestion(String label) throws Exception {
        keeps = token -> {
            try {
                undescribed(token).set("label", world.json.readTree(label));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return token;
        };
        mint("lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }
}
