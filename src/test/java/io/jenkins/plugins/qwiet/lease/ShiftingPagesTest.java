package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pages by number, newest first: whoever revokes a token between two pages moves one over the edge. */
class ShiftingPagesTest extends BehindABox {
    private static final int PAGE = 2;

    /** Of another Jenkins, whose builds come and go. */
    private final List<ObjectNode> others = Collections.synchronizedList(new ArrayList<>());

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger creations = new AtomicInteger();
    private volatile boolean busy = true;

    private void anotherBuildBegins() {
        others.add(
                0,
                world.json
                        .createObjectNode()
                        .put("id", "other-" + made.incrementAndGet())
                        .put("label", "another")
                        .put("description", "of somebody else")
                        .put("token_type", "access"));
    }

    private void sendPage(boolean second, OutputStream out) throws IOException {
        var all = new ArrayList<ObjectNode>(others);
        synchronized (world.tokens) {
            all.addAll(world.tokens.values());
        }
        var answer = world.json.createObjectNode().put("ok", true);
        var list = answer.putArray("response");
        all.stream().skip(second ? PAGE : 0).limit(PAGE).forEach(list::add);
        if (!second && all.size() > PAGE) {
            answer.put("next", "?page=2");
        }
        if (busy && second) {
            anotherBuildBegins();
        } else if (busy) {
            others.remove(0);
        }
        RawServer.send(out, "200 OK", answer.toString());
    }

    @Test
    void aTokenThatSlipsBetweenTwoPagesIsNotForgotten() throws Exception {
        anotherBuildBegins();
        anotherBuildBegins();
        world.box = (request, out) -> {
            if (request.method().equals("POST") && creations.incrementAndGet() == 1) {
                world.make(request.body());
                RawServer.send(out, "504 Gateway Timeout", "late");
                return true;
            } else if (request.method().equals("GET") && request.path().contains("/tokens")) {
                sendPage(request.path().contains("page=2"), out);
                return true;
            }
            return false;
        };
        world.buildRuns = false;
        world.mint("shop#1");
        world.sweep(90);
        assertThat(world.tokens.keySet().isEmpty() || !world.store.leases().isEmpty())
                .as("tokens " + world.tokens.keySet() + ", leases " + world.store.leases())
                .isTrue();
        busy = false;
        world.sweep(90);
        assertThat(creations).hasPositiveValue();
        nothingLeft();
    }
}
