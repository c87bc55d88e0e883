package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Jenkins knows of tokens by their ids, and what lists showed once, proves no more than it does. */
class KnownTokensTest extends BehindABox {
    private volatile boolean descriptions = true;
    private volatile String how = "missing";
    private volatile boolean makes = true;
    /** Whether Qwiet says when a token ends. */
    private volatile boolean named;

    private void mint(String account, String build) {
        world.leasing
                .mint(
                        world.client(),
                        new MintRequest(
                                "label",
                                "",
                                Duration.ofHours(1),
                                Account.ofJenkins(account),
                                build,
                                "https://jenkins.example/job/" + build.replace('#', '/') + "/"))
                .join();
    }

    private void box() {
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                boolean lost = request.body().contains("lost");
                if (lost && !makes) {
                    RawServer.send(out, "504 T", "<html>");
                    return true;
                }
                ObjectNode token = world.tokens.get(world.make(request.body()));
                if (lost) {
                    RawServer.send(out, "504 T", "<html>");
                } else {
                    ObjectNode answer = token.deepCopy().put("value", "v");
                    world.ok(out, named ? answer.put("expires_at", "2030-01-01T00:00:00Z") : answer);
                }
                if (!descriptions) {
                    token.remove("description");
                    if (how.equals("cut")) {
                        token.put("description", "[jenkins:");
                    } else if (!how.equals("missing")) {
                        token.set("description", world.json.readTree(how));
                    }
                }
                return true;
            }
            return false;
        };
    }

    private void end(String build) {
        for (Lease lease : world.store.leases()) {
            if (lease.buildId().equals(build)) {
                world.leasing.revoke(world.client(), lease).join();
            }
        }
    }

    /** Last week Qwiet gave descriptions, and since an update it does not. */
    @ParameterizedTest
    @ValueSource(strings = {"missing", "null", "\"\""})
    void whatListsGaveLastWeekProvesNothingToday(String today) throws Exception {
        how = today;
        box();
        mint("sa", "shop#1");
        mint("sa", "lost#1");
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).containsExactly("shop#1");
        end("shop#1");
        world.sweep(60);
        nothingLeft();

        for (int i = 0; i < 7; i++) {
            world.pass(Duration.ofDays(1));
            world.sweep(1);
        }
        descriptions = false;
        mint("sa", "lost#2");
        world.sweep(120);
        assertThat(world.tokens).as("the token of lost#2 lives").isNotEmpty();
        assertThat(world.store.leases()).extracting(Lease::buildId).containsOnly("lost#2");
    }

    /** Another account of the same Jenkins: its tokens are known by their ids. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noTokenThatJenkinsKnowsToBeOfAnotherBuildHoldsUpALease(boolean sameAccount) throws Exception {
        descriptions = false;
        makes = false;
        box();
        world.tokens.put(
                "other",
                world.json
                        .createObjectNode()
                        .put("id", "other")
                        .put("label", "x")
                        .put("description", how.equals("cut") ? "short" : "a person's"));
        mint("sa", "lost#1");
        world.sweep(1);
        int n = 0;
        for (int half = 0; half < 96; half++) {
            mint(sameAccount ? "sa" : "sb", "shop#" + ++n);
            if (n > 2) {
                end("shop#" + (n - 2));
            }
            world.sweep(30);
        }
        assertThat(world.store.leases())
                .filteredOn(lease -> lease.buildId().equals("lost#1"))
                .extracting(Lease::lastError)
                .isEmpty();
    }

    /** A script of each build deletes its own token by Qwiet's API, as a log-out. */
    @Test
    void buildsThatDeleteTheirOwnTokensHoldUpNoLeaseForEver() throws Exception {
        makes = false;
        box();
        mint("sa", "lost#1");
        world.sweep(1);
        for (int n = 1; n <= 48; n++) {
            mint("sa", "shop#" + n);
            if (n > 2) {
                end("shop#" + (n - 2));
            }
            world.sweep(1);
            world.tokens.clear();
            world.sweep(59);
        }
        assertThat(world.store.leases())
                .filteredOn(lease -> lease.buildId().equals("lost#1"))
                .extracting(Lease::lastError)
                .isEmpty();
    }

    /** One of our tokens had its description emptied by a person, and is long gone. */
    @Test
    void oneDescriptionThatAPersonEmptiedHoldsUpNoLeaseForEver() throws Exception {
        makes = false;
        box();
        mint("sa", "shop#1");
        world.tokens.values().forEach(t -> t.put("description", ""));
        mint("sa", "lost#1");
        world.tokens.put(
                "mine",
                world.json
                        .createObjectNode()
                        .put("id", "mine")
                        .put("label", "label")
                        .put("description", ""));
        world.tokens.put(
                "other",
                world.json
                        .createObjectNode()
                        .put("id", "other")
                        .put("label", "x")
                        .put("description", "a person's"));
        world.sweep(30);
        end("shop#1");
        world.sweep(48 * 60);
        assertThat(world.store.leases()).extracting(Lease::lastError).isEmpty();
    }

    /** As above, where nine characters of a description are kept. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noCutTokenThatJenkinsKnowsToBeOfAnotherBuildHoldsUpALease(boolean sameAccount) throws Exception {
        how = "cut";
        noTokenThatJenkinsKnowsToBeOfAnotherBuildHoldsUpALease(sameAccount);
    }

    /** Two lost mints, and the token that tells is of another account: its absence tells an old list as well. */
    @Test
    void aLivingTokenOfAnotherAccountTellsAnOldListToo() throws Exception {
        box();
        var old = world.json.createArrayNode();
        mint("sb", "shop#1");
        mint("sa", "lost#0");
        // Its lists show the other account's token, minute by minute.
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).containsExactly("shop#1");
        var before = world.box;
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                world.ok(out, old);
                return true;
            }
            return before.meddle(request, out);
        };
        mint("sa", "lost#1");
        world.sweep(60);
        assertThat(world.tokens).hasSizeGreaterThan(1);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
    }

    /** The newest token, of which no end is known, is over or deleted, as was seen for six hours; an older one lives. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenThatIsBelievedNoLongerHidesNoOlderOneThatLives(boolean oneWasDeleted) throws Exception {
        var old = world.json.createArrayNode();
        makes = false;
        box();
        mint("sa", "shop#1");
        world.sweep(5);
        if (oneWasDeleted) {
            mint("sa", "shop#2");
            world.tokens.remove("token-2");
        }
        mint("sa", "lost#0");
        world.sweep(8 * 60);
        assertThat(world.store.leases()).extracting(Lease::buildId).doesNotContain("lost#0");
        assertThat(world.tokens).containsOnlyKeys("token-1");

        makes = true;
        var before = world.box;
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                world.ok(out, old);
                return true;
            }
            return before.meddle(request, out);
        };
        mint("sa", "lost#1");
        world.sweep(60);
        assertThat(world.tokens).hasSizeGreaterThan(1);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
    }

    /** A proxy gives the late answer to one POST to the next one: shop#1 uses the token that bears the mark of lost#1. */
    @Test
    void aTokenWithTheMarkOfAnotherIsGivenToNobody() throws Exception {
        var listed = new AtomicBoolean();
        world.builds = lease -> lease.buildId().startsWith("shop");
        world.box = (request, out) -> {
            if (request.method().equals("GET") && !listed.get()) {
                world.ok(out, world.json.createArrayNode());
                return true;
            } else if (request.method().equals("POST")) {
                world.make(request.body());
                if (request.body().contains("lost")) {
                    RawServer.send(out, "504 T", "<html>");
                } else {
                    world.ok(out, world.tokens.get("token-1").deepCopy().put("value", "v"));
                }
                return true;
            }
            return false;
        };
        world.mint("lost#1");
        assertThat(world.mint("shop#1")).isNotInstanceOf(MintResult.Minted.class);
        listed.set(true);
        world.sweep(60);
        assertThat(world.tokens).isEmpty();
        assertThat(world.store.leases()).isEmpty();
    }

    /** A twin of an ended lease, whose list is an old one, with a witness of another account. */
    @Test
    void whatABuildOfAnotherAccountCopiedIsNotRevoked() throws Exception {
        box();
        mint("sa", "shop#1");
        mint("sb", "shop#2");
        mint("sa", "lost#1");
        world.sweep(60);
        assertThat(world.tokens).hasSize(2);
    }

    /** Builds come and go, and each that has gone is looked for in the list. */
    private void anHourOfBuilds() throws Exception {
        MintResult minted = world.mint("shop#99");
        world.leasing
                .revoke(world.client(), ((MintResult.Minted) minted).lease())
                .join();
        world.sweep(60);
    }

    /** From now on a cache gives a list of before there was any token, with a date of its own, and each mint is lost. */
    private void anOldListEndsNoLease() throws Exception {
        var old = world.json.createArrayNode();
        var before = world.box;
        world.box = (request, out) -> {
            if (request.method().equals("GET")) {
                world.ok(out, old);
                return true;
            }
            return before.meddle(request, out);
        };
        makes = true;
        mint("sa", "lost#1");
        world.sweep(60);
        assertThat(world.store.leases()).extracting(Lease::buildId).contains("lost#1");
    }

    /** One token was deleted by hand (its build goes on); the other is in each list. */
    @ParameterizedTest
    @ValueSource(ints = {8, 23, 26, 48})
    void aTokenThatSomebodyDeletedYesterdayHidesNoOtherThatLives(int hours) throws Exception {
        box();
        mint("sa", "shop#1");
        world.sweep(5);
        mint("sa", "shop#2");
        world.tokens.remove("token-2");
        for (int i = 0; i < hours; i++) {
            anHourOfBuilds();
        }
        assertThat(world.tokens).containsOnlyKeys("token-1");
        anOldListEndsNoLease();
    }

    /** Qwiet names no ends; a build renews its token for two days, and those before are over by themselves. */
    @ParameterizedTest
    @ValueSource(ints = {12, 30})
    void aBuildThatRenewsForTwoDaysStillTellsAnOldList(int hours) throws Exception {
        box();
        String before = null;
        for (int i = 0; i < hours; i++) {
            mint("sa", "shop#1");
            String now = "token-" + world.made.get();
            world.sweep(20);
            if (before != null) {
                world.tokens.remove(before);
            }
            before = now;
            anHourOfBuilds();
        }
        assertThat(world.tokens).hasSize(1);
        anOldListEndsNoLease();
    }

    /** Each build deletes its own token a while after it has it; another's was in each list all the time. */
    @Test
    void buildsThatDeleteTheirOwnTokensHideNoOtherThatLives() throws Exception {
        box();
        named = true;
        mint("sa", "shop#0");
        for (int n = 1; n <= 30; n++) {
            mint("sa", "shop#" + n);
            if (n > 2) {
                end("shop#" + (n - 2));
            }
            world.sweep(5);
            world.tokens.keySet().removeIf(id -> !id.equals("token-1"));
            world.sweep(55);
        }
        assertThat(world.tokens).containsOnlyKeys("token-1");
        anOldListEndsNoLease();
    }
}
