package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway puts the list into pages, and says so in one of the ways of gateways; the token of a lost answer is on page two. */
class TokenOnTheNextPageTest extends BehindABox {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-ms-continuationtoken: abc|",
                "Pagination-Next: /x?page=2|",
                "X-Pagination-Has-More: true|",
                "|\"range\":\"0-0/2\"",
                "|\"size\":2",
                "X-Has-More: true|",
                "|\"has_more\":true"
            })
    void aTokenOnTheNextPageIsNotForgotten(String header, String beside) throws Exception {
        var lost = new AtomicBoolean();
        // Another's, listed first.
        world.tokens.put(
                "another",
                world.json
                        .createObjectNode()
                        .put("id", "another")
                        .put("label", "x")
                        .put("description", "y"));
        world.box = (request, out) -> {
            if (request.method().equals("POST") && lost.compareAndSet(false, true)) {
                world.make(request.body());
                RawServer.send(out, "504 Gateway Timeout", "<html>too slow</html>");
                return true;
            } else if (request.method().equals("POST")) {
                RawServer.send(out, "400 Bad", "{\"ok\":false,\"code\":\"NO\",\"message\":\"no\"}");
                return true;
            } else if (request.method().equals("GET") && request.path().contains("/tokens")) {
                ArrayNode first = world.json.createArrayNode();
                first.add(world.list().get(0));
                ObjectNode answer = world.json.createObjectNode().put("ok", true);
                answer.set("response", first);
                String body = answer.toString();
                if (beside != null) {
                    body = "{" + beside + "," + body.substring(1);
                }
                String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        + (header == null ? "" : header + "\r\n")
                        + "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n";
                out.write((head + body).getBytes(StandardCharsets.UTF_8));
                return true;
            } else if (request.method().equals("GET")) {
                RawServer.send(out, "200 OK", "{\"ok\":true,\"response\":[\"tokens:list\"]}");
                return true;
            }
            return false;
        };
        world.mint("shop#1");
        world.buildRuns = false;
        world.sweep(60);
        assertThat(world.tokens).containsKey("token-1");
        assertThat(world.store.leases()).as("the token lives; its lease").isNotEmpty();
    }
}
