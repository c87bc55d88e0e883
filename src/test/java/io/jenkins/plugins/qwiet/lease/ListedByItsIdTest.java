package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The id of the token is known, and lists show it: whatever its description says, or does not say. */
class ListedByItsIdTest extends BehindABox {
    /** Something said "gone" too early: a replica that is behind, or a box; the list has the id all the time. */
    @ParameterizedTest
    @CsvSource({
        "whole,replica",
        "none,replica",
        "null,replica",
        "changed,replica",
        "whole,empty",
        "none,empty",
        "changed,empty",
        "none,204",
        "whole,204"
    })
    void whatIsListedByItsIdIsNotForgotten(String description, String answer) throws Exception {
        var deletes = new AtomicInteger();
        world.box = (request, out) -> {
            if (request.method().equals("DELETE") && deletes.incrementAndGet() == 1) {
                switch (answer) {
                    case "replica" ->
                        RawServer.send(
                                out,
                                "404 N",
                                "{\"ok\":false,\"code\":\"TOKEN_NOT_FOUND\",\"message\":\"token not found\"}");
                    case "empty" -> RawServer.send(out, "200 OK", "");
                    default -> RawServer.send(out, "204 No Content", "");
                }
                return true;
            } else if (request.method().equals("GET") && request.path().contains("/tokens")) {
                var list = world.json.createArrayNode();
                world.list().forEach(token -> {
                    ObjectNode copy = token.deepCopy();
                    switch (description) {
                        case "none" -> copy.remove("description");
                        case "null" -> copy.putNull("description");
                        case "changed" -> copy.put("description", "edited by hand");
                        default -> {}
                    }
                    list.add(copy);
                });
                world.ok(out, list);
                return true;
            }
            return false;
        };
        var minted = (MintResult.Minted) world.mint("shop#1");
        world.buildRuns = false;
        world.leasing.revoke(world.client(), minted.lease()).join();
        world.sweep(60);
        nothingLeft();
    }
}
