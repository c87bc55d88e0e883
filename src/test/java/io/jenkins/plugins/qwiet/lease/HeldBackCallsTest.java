package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One answer with {@code Retry-After} holds back all calls of that organization and credential that can wait. */
class HeldBackCallsTest extends BehindABox {
    /** Method, or method and end of the path, that is asked to wait; empty for none. */
    private final AtomicReference<String> asked = new AtomicReference<>("");

    private volatile int seconds = 600;

    @BeforeEach
    void box() {
        world.box = (request, out) -> {
            String what = asked.get();
            if (what.isEmpty()
                    || !(request.method() + " " + request.path()).startsWith(what.split("…")[0])
                    || what.contains("…") && !request.path().endsWith(what.split("…")[1])) {
                return false;
            }
            RawServer.send(out, "429 T", "{}", "Retry-After: " + seconds);
            return true;
        };
        world.builds = lease -> lease.buildId().startsWith("runs");
    }

    private int calls() {
        return (int) (world.server.count("GET") + world.server.count("POST") + world.server.count("DELETE"));
    }

    @ParameterizedTest
    @ValueSource(ints = {120, 600, 1800})
    void oneTokenThatIsToWaitHoldsBackAllOthers(int retryAfter) throws Exception {
        for (int i = 1; i <= 8; i++) {
            world.mint("over#" + i);
        }
        asked.set("DELETE");
        seconds = retryAfter;
        int before = calls();
        world.sweep(retryAfter / 60);
        assertThat(calls() - before).isEqualTo(1);
        asked.set("");
        world.sweep(3);
        nothingLeft();
    }

    @Test
    void aListThatIsToWaitHoldsBackRevocations() throws Exception {
        world.mint("runs#1");
        world.mint("over#1");
        world.leasing.release(Leases.nonce(1)).join();
        asked.set("GET");
        world.client()
                .list(io.jenkins.plugins.qwiet.api.QwietClient.ListQuery.LIVE, token -> {})
                .join();
        int before = calls();
        world.sweep(10);
        assertThat(calls() - before).isZero();
        world.sweep(2);
        assertThat(world.tokens).containsOnlyKeys("token-1");
    }

    @Test
    void aMintThatIsToWaitHoldsBackRevocations() throws Exception {
        world.mint("over#1");
        asked.set("POST");
        assertThat(world.mint("over#2")).isInstanceOf(MintResult.TurnedAway.class);
        int before = calls();
        world.sweep(10);
        assertThat(calls() - before).isZero();
        world.sweep(2);
        nothingLeft();
    }

    /** Who waits for a token that long would not get it at all. */
    @Test
    void aBuildThatCannotWaitThatLongAsksAllTheSame() throws Exception {
        world.mint("over#1");
        asked.set("DELETE");
        world.sweep(1);
        assertThat(world.mint("runs#1")).isInstanceOf(MintResult.Minted.class);
    }

    @Test
    void whatAPersonAsksForIsAskedAtOnce() throws Exception {
        world.mint("over#1");
        world.mint("over#2");
        asked.set("DELETE");
        world.sweep(1);
        asked.set("");
        world.janitor.sweepAll().get(1, TimeUnit.MINUTES);
        nothingLeft();
    }

    /** One that is always asked to wait, for an hour each time, costs the others an hour at the most. */
    @Test
    void oneThatIsAlwaysToWaitHoldsUpTheOthersOnce() throws Exception {
        world.mint("over#1");
        asked.set("DELETE…/token-1");
        seconds = 3600;
        world.sweep(1);
        for (int i = 2; i <= 9; i++) {
            world.mint("over#" + i);
        }
        world.sweep(61);
        assertThat(world.tokens).containsOnlyKeys("token-1");
        for (int round = 1; round <= 3; round++) {
            world.mint("over#later" + round);
            world.sweep(62);
            world.mint("over#last" + round);
            world.sweep(2);
            assertThat(world.tokens).containsOnlyKeys("token-1");
        }
    }

    /** Each new one speaks for all, but an hour in all. */
    @Test
    void manyThatAreAlwaysToWaitHoldUpTheOthersForAnHourInAll() throws Exception {
        for (int i = 1; i <= 6; i++) {
            world.mint("over#" + i);
            world.pass(Duration.ofSeconds(1));
        }
        String good = "token-7";
        world.mint("over#7");
        seconds = 3600;
        world.box = (request, out) -> {
            if (request.method().equals("DELETE") && !request.path().endsWith(good)) {
                RawServer.send(out, "503 S", "{}", "Retry-After: " + seconds);
                return true;
            }
            return false;
        };
        int minutes = 0;
        while (world.tokens.containsKey(good) && minutes < 1000) {
            world.sweep(1);
            minutes++;
        }
        assertThat(minutes).isLessThanOrEqualTo(60 + 40 + 6);
    }
}
