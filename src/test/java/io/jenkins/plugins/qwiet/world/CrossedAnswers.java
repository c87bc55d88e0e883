package io.jenkins.plugins.qwiet.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Something on the way of one process that gives the answer to a creation to another one too. */
final class CrossedAnswers {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final World world;
    /** What the process was told about tokens that were made for it. */
    private final List<Told> told = new ArrayList<>();

    private record Told(String bearer, VirtualQwiet.Reply reply) {}

    CrossedAnswers(World world) {
        this.world = world;
    }

    /** The answer itself, or one that the process got before, without what would say whose it is. */
    VirtualQwiet.Reply insteadOf(VirtualQwiet.Call asked, VirtualQwiet.Reply reply) {
        if (asked.operation() != Operation.CREATE || reply.status() != 200) {
            return reply;
        }
        List<Told> others = told.stream()
                .filter(each -> each.bearer().equals(asked.bearer()))
                .toList();
        if (others.isEmpty() || !world.weather().crosses()) {
            told.add(new Told(asked.bearer(), reply));
            return reply;
        }
        world.say("crossed", () -> "the answer is of another creation");
        return withoutDescription(world.dice().oneOf(others).reply());
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
