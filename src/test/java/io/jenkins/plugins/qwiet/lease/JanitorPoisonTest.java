package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever one lease, one look-up or one answer does, it holds up no other lease. */
class JanitorPoisonTest extends BehindABox {
    /** A credentials provider of which a class is missing: an Error, not a RuntimeException. */
    @Test
    void anErrorOfOneLookUpHoldsUpNoOther() throws Exception {
        world.mint("poison#1");
        world.mint("shop#1");
        world.mint("shop#2");
        world.buildRuns = false;
        world.credentials = lease -> {
            if (lease.buildId().startsWith("poison")) {
                throw new NoClassDefFoundError("com/example/Vault");
            }
            return Optional.of(world.client());
        };
        world.sweep(120);
        assertThat(world.tokens.keySet()).containsExactly("token-1");
    }

    @Test
    void anErrorAboutOneBuildHoldsUpNoOther() throws Exception {
        world.mint("poison#1");
        world.mint("shop#1");
        world.mint("shop#2");
        world.janitor = new Janitor(
                world.leasing,
                lease -> Optional.of(world.client()),
                lease -> {
                    if (lease.buildId().startsWith("poison")) {
                        throw new StackOverflowError("a Pipeline that cannot be loaded");
                    }
                    return false;
                },
                world.clock,
                2);
        world.sweep(120);
        assertThat(world.tokens.keySet()).containsExactly("token-1");
    }

    @Test
    void anErrorOfWhoIsToldHoldsUpNoOther() throws Exception {
        for (int i = 1; i <= 6; i++) {
            world.mint("shop#" + i);
        }
        world.janitor = new Janitor(
                world.leasing,
                lease -> Optional.of(world.client()),
                new Janitor.Builds() {
                    @Override
                    public boolean mayStillUse(Lease lease) {
                        return false;
                    }

                    @Override
                    public void revoked(Lease lease, Revocation.Revoked revoked) {
                        throw new NoClassDefFoundError("com/example/Listener");
                    }
                },
                world.clock,
                2);
        world.sweep(120);
        nothingLeft();
    }

    @Test
    void aLookUpThatGivesNullHoldsUpNoOther() throws Exception {
        world.mint("poison#1");
        world.mint("shop#1");
        world.buildRuns = false;
        world.credentials = lease -> lease.buildId().startsWith("poison") ? null : Optional.of(world.client());
        world.sweep(120);
        assertThat(world.tokens.keySet()).containsExactly("token-1");
    }

    /** Fourteen kinds of poison, all at once, among 30 tokens that can be revoked, in an order of chance. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 10, 20, 21, 22, 23, 24, 25})
    void manyKindsOfPoisonAtOnce(int seed) throws Exception {
        String[] answers = {
            "500 E|{\"ok\":false,\"code\":\"X\",\"message\":\"x\"}",
            "503 E|<html>|Retry-After: 86400",
            "503 E|<html>|Retry-After: 3600",
            "429 E|{}|Retry-After: 7200",
            "403 F|{\"ok\":false,\"code\":\"FORBIDDEN\",\"message\":\"x\"}",
            "403 F|<html>",
            "401 U|{\"ok\":false,\"code\":\"UNAUTHORIZED\",\"message\":\"x\"}",
            "302 F||Location: https://portal.example/",
            "200 OK|<html>",
            "200 OK|{\"ok\":false}",
            "404 N|{\"ok\":false,\"code\":\"ROUTE\",\"message\":\"no route\"}",
            "409 C|{\"ok\":false,\"code\":\"BUSY\",\"message\":\"x\"}",
            "400 C|{\"ok\":false,\"code\":\"BUSY\",\"message\":\"x\"}",
            "CUT"
        };
        var poisons = new HashMap<String, String>();
        var kinds = new ArrayList<String>();
        for (String answer : answers) {
            kinds.add(answer);
            kinds.add(answer);
        }
        for (int i = 0; i < 30; i++) {
            kinds.add("");
        }
        if (seed % 10 != 0) {
            Collections.shuffle(kinds, new Random(seed));
        }
        for (String kind : kinds) {
            var minted = (MintResult.Minted) world.mint("shop#" + poisons.size());
            poisons.put(minted.token().id(), kind);
            world.pass(Duration.ofSeconds(seed < 20 ? 1 : 0));
        }
        world.box = (request, out) -> {
            if (!request.method().equals("DELETE")) {
                return false;
            }
            String kind = poisons.get(request.path().substring(request.path().lastIndexOf('/') + 1));
            if (kind.isEmpty()) {
                return false;
            }
            String[] answer = kind.split("\\|");
            if (answer[0].equals("CUT")) {
                throw new IOException("cut");
            }
            String body = answer.length > 1 ? answer[1] : "";
            if (answer.length > 2) {
                RawServer.send(out, answer[0], body, answer[2]);
            } else {
                RawServer.send(out, answer[0], body);
            }
            return true;
        };
        world.buildRuns = false;
        int minutes = 0;
        while (world.tokens.size() > 2 * answers.length && minutes < 3000) {
            world.sweep(1);
            minutes++;
        }
        // As Janitor says: 40 minutes, a minute for each that fails, and an hour where Qwiet asked to wait.
        assertThat(minutes).isLessThanOrEqualTo(40 + 28 + 60);
    }

    /** It failed once, in an outage; since then each minute brings new ones that always fail. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void aStreamOfNewOnesThatFailStarvesNoneThatFailedBefore(int eachMinute) throws Exception {
        world.mint("good#1");
        String good = world.tokens.keySet().iterator().next();
        var outage = new AtomicBoolean(true);
        world.box = (request, out) -> {
            boolean fails = outage.get() || !request.path().endsWith("/" + good);
            if (fails && request.method().equals("DELETE")) {
                RawServer.send(out, "500 S", "x");
                return true;
            }
            return false;
        };
        world.buildRuns = false;
        int poison = 8;
        for (int i = 1; i <= poison; i++) {
            world.mint("poison#" + i);
        }
        world.sweep(20);
        outage.set(false);

        int bound = 40 + poison;
        for (int minute = 0; minute < bound && world.tokens.containsKey(good); minute++) {
            for (int i = 0; i < eachMinute; i++) {
                world.mint("poison#" + ++poison);
            }
            world.sweep(1);
        }
        assertThat(world.tokens).doesNotContainKey(good);
    }
}
