package io.jenkins.plugins.qwiet.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Something on the way of one process that gives the answer to a creation to another one too: one that the process got, or
 * that others got whose token it has seen in a list before.
 */
final class CrossedAnswers {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** No creation is under way for longer. */
    private static final Duration LONGEST_CREATION = Duration.ofMinutes(20);

    private final World world;
    /** What the process was told about tokens that were made for it. */
    private final List<Told> told = new ArrayList<>();
    /** When the process was first shown a token of others, by its id. */
    private final Map<String, Long> shown = new HashMap<>();

    private record Told(String bearer, VirtualQwiet.Reply reply) {}

    CrossedAnswers(World world) {
        this.world = world;
    }

    /** The answer itself, or one that the process got before, without what would say whose it is. */
    VirtualQwiet.Reply insteadOf(VirtualQwiet.Call asked, VirtualQwiet.Reply reply) {
        if (asked.operation() != Operation.CREATE || reply.status() != 200) {
            return reply;
        }
        List<Told> others = new ArrayList<>(told);
        world.others()
                .live()
                .filter(token -> token.orgId().equals(asked.orgId()) && isKnown(token))
                .forEach(token ->
                        others.add(new Told(asked.bearer(), world.qwiet().made(token))));
        others.removeIf(each -> !each.bearer().equals(asked.bearer()));
        if (others.isEmpty() || !world.weather().crosses()) {
            told.add(new Told(asked.bearer(), reply));
            return reply;
        }
        world.say("crossed", () -> "the answer is of another creation");
        return withoutDescription(world.dice().oneOf(others).reply());
    }

    private boolean isKnown(VirtualQwiet.Token token) {
        Long at = shown.get(token.id());
        return at != null && world.timeline().now() - at > LONGEST_CREATION.toNanos();
    }

    /** The process gets this answer. If it is a list of one page that Qwiet gave, it knows all that is in it from now on. */
    void delivers(VirtualQwiet.Call asked, VirtualQwiet.Reply reply) {
        if (asked.operation() == Operation.LIST
                && reply.status() == 200
                && !world.qwiet().pages().areSeveral()
                && !world.weather().keepLists()) {
            String list = new String(reply.body(), StandardCharsets.UTF_8);
            world.others()
                    .live()
                    .filter(token -> list.contains("\"" + token.id() + "\""))
                    .forEach(token ->
                            shown.putIfAbsent(token.id(), world.timeline().now()));
        }
    }

    private static VirtualQwiet.Reply withoutDescription(VirtualQwiet.Reply made) {
        try {
            JsonNode json = MAPPER.readTree(made.body());
            if (json.get("response") instanceof ObjectNode token) {
                token.remove("description");
            }
            return new VirtualQwiet.Reply(made.status(), MAPPER.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
