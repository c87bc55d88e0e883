package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** What keeps a label may cut it within a character, mark that it did, or write its characters otherwise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BYTES 50",
                "BYTES 51",
                "BYTES 52",
                "CHARACTERS 20",
                "OTHERWISE",
                "MARK  [truncated]",
                "MARK  (truncated)",
                "MARK ~",
                "MARK >>",
                "MARK [...]",
                "MARK  (more)",
                "MARK ..."
            })
    void aLabelThatIsCutIsInQuestion(String how) throws Exception {
        String japanese = "\u6bce\u6669\u5e97\u8217\u3092\u8abf\u3079\u308b".repeat(5);
        String english = "Nightly scan of the whole shop";
        String german = "Scan f\u00fcr alle K\u00fcchen im Haus";
        String kind = how.split(" ")[0];
        String rest = how.substring(Math.min(how.length(), kind.length() + 1));
        String label = kind.equals("OTHERWISE") ? german : kind.equals("MARK") ? english : japanese;
        String kept =
                switch (kind) {
                    case "BYTES" ->
                        new String(
                                label.getBytes(StandardCharsets.UTF_8),
                                0,
                                Integer.parseInt(rest),
                                StandardCharsets.UTF_8);
                    case "CHARACTERS" -> label.substring(0, Integer.parseInt(rest));
                    case "OTHERWISE" -> Normalizer.normalize(label, Normalizer.Form.NFD);
                    default -> label.substring(0, 20) + rest;
                };
        keeps = token -> undescribed(token).put("label", kept);
        mint(label, "", "lost#1");
        world.sweep(60);
        leaseOfLostStays();
    }

    /** For a while something answers in Qwiet's place that it is gone; all later lists have it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 OK|{\"login\":\"required\"}",
                "200 OK|{\"ok\":null}",
                "202 Accepted|{}",
                "204 No Content|",
                "200 OK|"
            })
    void whatIsListedLongAfterwardsIsNotGone(String status, String body) throws Exception {
        mint("shop#1");
        world.sweep(5);
        var before = world.box;
        world.box = (request, out) -> {
            if (request.method().equals("DELETE")) {
                RawServer.send(out, status, body == null ? "" : body);
                return true;
            }
            return before.meddle(request, out);
        };
        end("shop#1");
        world.box = before;

        world.sweep(60);

        assertThat(world.tokens).isEmpty();
        assertThat(world.store.leases()).isEmpty();
    }
}
