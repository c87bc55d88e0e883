package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A terse Qwiet lists ids alone. A build a week; another's token is in each list. The creation of the second one never reaches Qwiet. */
class ListedLongAgoTest extends BehindABox {
    private volatile boolean lost;

    @ParameterizedTest
    @ValueSource(ints = {12, 48})
    void aTokenThatWasListedBeforeTheRequestIsAnothers(int hours) throws Exception {
        world.buildRuns = false;
        world.box = (request, out) -> {
            if (request.method().equals("POST") && lost) {
                RawServer.send(out, "504 T", "<html>");
            } else if (request.method().equals("GET")) {
                var list = world.json.createArrayNode();
                list.add(world.json.createObjectNode().put("id", "o-1"));
                synchronized (world.tokens) {
                    world.tokens
                            .keySet()
                            .forEach(
                                    id -> list.add(world.json.createObjectNode().put("id", id)));
                }
                world.ok(out, list);
            } else {
                return false;
            }
            return true;
        };
        world.mint("shop#1");
        world.sweep(60);
        assertThat(world.store.leases()).isEmpty();
        for (int i = 0; i < hours * 6; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
        lost = true;
        world.mint("shop#2");
        for (int i = 0; i < 7 * 24 * 6; i++) {
            world.janitor.sweep().join();
            world.pass(Duration.ofMinutes(10));
        }
        assertThat(world.store.leases())
                .extracting(lease -> lease.buildId() + ": " + lease.lastError())
                .as("a week later")
                .isEmpty();
    }
}
