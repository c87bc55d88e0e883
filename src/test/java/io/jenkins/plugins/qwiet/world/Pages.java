package io.jenkins.plugins.qwiet.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import okio.Buffer;

/** Makes the first page of a list, and says in one of the usual ways that there are others. */
final class Pages {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Pages() {}

    static Buffer first(Buffer list, Dice dice) {
        try {
            JsonNode json = MAPPER.readTree(list.readByteArray());
            if (json instanceof ObjectNode envelope && envelope.get("response") instanceof ArrayNode tokens) {
                int all = tokens.size();
                while (!tokens.isEmpty() && tokens.size() > all / 2) {
                    tokens.remove(dice.below(tokens.size()));
                }
                // Else the pages that follow would make up for what is missing in this one.
                envelope.remove("next");
                switch (dice.below(3)) {
                    case 0 -> envelope.put("next_page", "2");
                    case 1 -> envelope.put("has_more", true);
                    default -> envelope.put("total", all + 1);
                }
            }
            return new Buffer().write(MAPPER.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
