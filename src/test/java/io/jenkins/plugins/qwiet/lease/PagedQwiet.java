package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Tests of lists in pages of two: first the tokens of others, then those of this Jenkins. */
abstract class PagedQwiet extends BehindABox {
    static final int PAGE = 2;

    final List<String> others = Collections.synchronizedList(new ArrayList<>(List.of("o-1", "o-2", "o-3")));
    private int made = 3;

    ObjectNode other(String id) {
        return world.json
                .createObjectNode()
                .put("id", id)
                .put("label", "another")
                .put("description", "of somebody else")
                .put("token_type", "access");
    }

    List<ObjectNode> all() {
        var all = new ArrayList<ObjectNode>();
        others.forEach(id -> all.add(other(id)));
        synchronized (world.tokens) {
            all.addAll(world.tokens.values());
        }
        return all;
    }

    /** The other way round. */
    List<ObjectNode> newestFirst() {
        List<ObjectNode> all = all();
        Collections.reverse(all);
        return all;
    }

    /** A build of others ends, and another one begins. */
    final void othersGoOn() {
        others.remove(0);
        others.add("o-" + ++made);
    }

    static boolean isList(RawServer.Req request) {
        return request.method().equals("GET") && request.path().contains("/tokens");
    }

    /** From 0. */
    static int page(RawServer.Req request) {
        return request.path().contains("page=")
                ? Integer.parseInt(request.path().replaceAll(".*[?&]page=([0-9]+).*", "$1")) - 1
                : 0;
    }

    /** One page; names the next one, if there is one. */
    final void sendPage(OutputStream out, List<ObjectNode> all, int page, String... headers) throws IOException {
        int from = page * PAGE;
        String next = from + PAGE < all.size() ? "?page=" + (page + 2) : null;
        send(out, all.stream().skip(from).limit(PAGE).toList(), next, headers);
    }

    final void send(OutputStream out, List<ObjectNode> page, String next, String... headers) throws IOException {
        var answer = world.json.createObjectNode().put("ok", true);
        page.forEach(answer.putArray("response")::add);
        if (next != null) {
            answer.put("next", next);
        }
        RawServer.send(out, "200 OK", answer.toString(), headers);
    }

    /** A creation that never reaches Qwiet; all others do. */
    final void loseRequest() {
        lose(false);
    }

    /** A creation whose response gets lost. */
    final void loseResponse() {
        lose(true);
    }

    private void lose(boolean reaches) {
        world.buildRuns = false;
        var before = world.box;
        boolean[] lost = {false};
        world.box = (request, out) -> {
            if (request.method().equals("POST") && !lost[0]) {
                lost[0] = true;
                if (reaches) {
                    world.make(request.body());
                }
                RawServer.send(out, "504 T", "late");
                return true;
            }
            return before.meddle(request, out);
        };
        world.mint("shop#1");
    }
}
