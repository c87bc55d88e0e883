package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A list may say nothing of a token's description: it is optional. */
class UndescribedTokensTest extends BehindABox {
    private void byHand(String id, String description) throws IOException {
        ObjectNode token = world.json.createObjectNode().put("id", id).put("label", "label");
        describe(token, description);
        world.tokens.put(id, token);
    }

    private void describe(ObjectNode token, String description) throws IOException {
        token.remove("description");
        if (!description.equals("missing")) {
            token.set("description", world.json.readTree(description));
        }
    }

    /** Each mint makes a token of which the list says that; the answer is lost if the build is called so. */
    private void lists(String description) {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                describe(world.tokens.get(world.make(request.body())), description);
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
    }

    private void losesAll() {
        world.box = (request, out) -> {
            if (request.method().equals("POST") && request.body().contains("lost")) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "null", "{}", "7", "[]", "true"})
    void aTokenOfWhichNoDescriptionIsListedIsNotDropped(String how) throws Exception {
        byHand("other", "\"made by hand, long ago\"");
        lists(how);
        world.mint();
        world.buildRuns = false;
        world.sweep(24 * 60);
        assertThat(world.tokens).hasSizeGreaterThan(1);
        assertThat(world.store.leases()).isNotEmpty();
        assertThat(world.store.leases().get(0).lastError()).contains("delete it in Qwiet");

        world.tokens.keySet().retainAll(java.util.Set.of("other"));
        world.sweep(80);
        assertThat(world.store.leases()).isEmpty();
    }

    /** Qwiet gives none of Jenkins' own descriptions, whatever it gives of others. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "null", "\"\""})
    void whereJenkinsOwnTokensAreListedWithoutAnyOfThemMayBeIt(String how) throws Exception {
        byHand("other", "\"made by hand, long ago\"");
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                ObjectNode token = world.tokens.get(world.make(request.body()));
                boolean lost = request.body().contains("lost");
                if (lost) {
                    RawServer.send(out, "504 T", "<html>");
                } else {
                    world.ok(out, token.deepCopy().put("value", "v"));
                }
                describe(token, how);
                return true;
            }
            return false;
        };
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.mint("shop#1");
        world.mint("lost#1");
        world.sweep(24 * 60);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
    }

    /** One of Jenkins' own tokens shows that descriptions are given, so that a person's without one is a person's. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "null", "\"\""})
    void aTokenOfAPersonHoldsUpNothingWhereJenkinsOwnHaveTheirs(String how) throws Exception {
        byHand("mine", how);
        losesAll();
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.mint("lost#1");
        world.mint("shop#1");
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).containsExactly("shop#1");
        assertThat(world.tokens).containsKey("mine").hasSize(2);
    }

    /** It was listed before the mint was sent. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "null", "\"\""})
    void aTokenThatWasThereBeforeHoldsUpNothing(String how) throws Exception {
        losesAll();
        world.buildRuns = false;
        byHand("mine", how);
        world.mint("lost#1");
        world.sweep(15);
        int first = world.store.leases().size();
        assertThat(first).isPositive();
        world.mint("lost#2");
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).doesNotContain("lost#2");
    }

    /** Nothing is known but that it is still there when what was asked for would long be over. */
    @Test
    void anEmptyDescriptionHoldsUpNothingForEver() throws Exception {
        byHand("mine", "\"\"");
        losesAll();
        world.mint("lost#1");
        world.buildRuns = false;
        world.sweep(60);
        assertThat(world.store.leases()).isNotEmpty();
        world.sweep(8 * 60);
        assertThat(world.store.leases()).isEmpty();
        assertThat(world.tokens).containsOnlyKeys("mine");
    }

    /** Of a mint that Jenkins made before it was restarted, it knows no longer how long its token was to live. */
    @Test
    void anEmptyDescriptionHoldsUpNothingForEverAfterARestart() throws Exception {
        byHand("mine", "\"\"");
        losesAll();
        world.mint("lost#1");
        world.buildRuns = false;
        world.restart();
        world.sweep(10 * 60);
        assertThat(world.store.leases()).isNotEmpty();
        world.sweep(24 * 60);
        assertThat(world.store.leases()).isEmpty();
    }

    /** A second token of one mint, cut short, is told when its lease has ended. */
    @ParameterizedTest
    @CsvSource({"18", "22", "24"})
    void aCutTwinIsNotForgotten(int kept) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                for (int i = 0; i < 2; i++) {
                    ObjectNode token = world.tokens.get(world.make(request.body()));
                    token.put("description", token.path("description").asText().substring(0, kept));
                    if (i == 1) {
                        world.ok(out, token.deepCopy().put("value", "v"));
                    }
                }
                return true;
            }
            return false;
        };
        Lease lease = ((MintResult.Minted) world.mint()).lease();
        world.leasing.revoke(world.client(), lease).join();
        assertThat(world.tokens).hasSize(1);
        world.sweep(60);
        assertThat(world.store.leases())
                .extracting(Lease::lastError)
                .singleElement()
                .asString()
                .contains("delete it in Qwiet");
        world.tokens.clear();
        world.sweep(60);
        nothingLeft();
    }

    /** What was left to the Jenkins whose copy this is, is none of the tokens that are looked for here. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenThatIsAnothersHidesNone(boolean forgotten) throws Exception {
        world.box = (request, out) -> {
            if (request.method().equals("POST") && request.body().contains("lost")) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        world.mint("shop#1");
        world.tokens.values().forEach(token -> token.remove(List.of("description", "label")));
        startAt("/elsewhere");
        world.buildRuns = false;
        if (forgotten) {
            world.store.forgetResting().join();
        }
        world.leasing.mint(world.client(), Leases.order("lost#1")).join();
        world.sweep(80);
        assertThat(world.store.leases()).isEmpty();
        assertThat(world.tokens).as("the original's").hasSize(1);
    }
}
