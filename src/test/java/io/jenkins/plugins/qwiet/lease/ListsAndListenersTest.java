package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListsAndListenersTest extends BehindABox {
    /** A list whose pages never end, each of which takes its time, but less than a call may take. */
    @Test
    void aListEndsBeforeThePassOfTheJanitorCountsAsHanging() {
        var page = new AtomicInteger();
        world.box = (request, out) -> {
            if (!request.method().equals("GET")) {
                return false;
            }
            world.nanos.addAndGet(Duration.ofSeconds(3).toNanos());
            RawServer.send(
                    out, "200 OK", "{\"ok\":true,\"response\":[],\"next\":\"?page=" + page.incrementAndGet() + "\"}");
            return true;
        };
        long begun = world.nanos.get();

        world.client().list(QwietClient.ListQuery.LIVE, token -> {}).join();

        assertThat(Duration.ofNanos(world.nanos.get() - begun)).isLessThan(Pass.LONGEST);
    }

    /** Who waits for a mint is told that it is tried again, and throws: the mint ends all the same. */
    @Test
    void aMintEndsThoughWhoIsToldThrows() {
        world.box = (request, out) -> {
            if (!request.method().equals("POST")) {
                return false;
            }
            RawServer.send(out, "500 E", "");
            return true;
        };

        var minted = world.leasing.mint(world.client(), Leases.order("shop#1"), world.leasing.moment(), retry -> {
            throw new IllegalStateException("a log that is closed");
        });

        assertThat(minted).succeedsWithin(Duration.ofSeconds(20));
    }
}
