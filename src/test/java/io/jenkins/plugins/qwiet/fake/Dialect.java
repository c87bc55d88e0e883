package io.jenkins.plugins.qwiet.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How a Qwiet words what it says: each way is allowed by the published description of its API, in which nearly all is
 * optional, or is what servers are known to do. What a client cannot do without stays: the id and value of a new token, id
 * and description of a listed one, {@code ok}, and the code of an error.
 */
public enum Dialect {
    /** As in the samples of the description. */
    PLAIN {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {}
    },
    /** Nothing that is not required. A deletion is answered with 204 and no word. */
    TERSE {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {
            answer.remove("validation_errors");
            tokens(answer).forEach(token -> token.remove(OPTIONAL));
        }

        @Override
        boolean isSilent(Operation operation, int status) {
            return operation == Operation.DELETE && status == 200;
        }
    },
    /** Much that nobody knows, before, after and in between. */
    VERBOSE {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {
            tokens(answer).forEach(token -> {
                token.putObject("created_by")
                        .put("id", "not-an-id")
                        .putArray("tokens")
                        .addObject()
                        .put("id", 7);
                token.put("revoked", false).put("value_hint", "…xyz").put("last_used_at", 0);
            });
            JsonNode response = answer.remove("response");
            answer.putObject("meta").putArray("response").addObject().put("id", "nobody");
            answer.put("request_id", "f00").put("count_of_calls", 3.5);
            if (response != null) {
                answer.set("response", response);
            }
            answer.putArray("warnings").add("This version of the API will be here for ever.");
        }
    },
    /** As Go writes structures: null for nothing, an empty list included, the year one for never, nanoseconds. */
    NULLS {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {
            for (String field : List.of("code", "message", "validation_errors")) {
                if (!answer.has(field)) {
                    answer.putNull(field);
                }
            }
            if (answer.path("response").isArray() && answer.path("response").isEmpty()) {
                answer.putNull("response");
            }
            tokens(answer).forEach(token -> {
                String end = token.path("expires_at").asText("");
                token.put("expires_at", end.isEmpty() ? "0001-01-01T00:00:00Z" : end.replace("Z", ".123456789Z"));
                token.putNull("deleted_at").putNull("scopes");
            });
        }
    },
    /** Other types of JSON than expected, and words that no list of known ones has. */
    NUMBERS {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {
            tokens(answer).forEach(token -> {
                token.put("label", 42).put("role_id", dice.nextInt()).put("token_type", "access_v2");
                epoch(token);
            });
        }
    },
    /** Times as servers write them all the same. */
    TIMES {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {
            tokens(answer).forEach(token -> oddTime(token, dice));
        }
    },
    /** Whatever a generator of random answers makes of the description's schema. */
    RANDOM {
        @Override
        void change(Operation operation, ObjectNode answer, RandomGenerator dice) {
            tokens(answer).forEach(token -> {
                for (String field : OPTIONAL) {
                    switch (dice.nextInt(5)) {
                        case 0 -> token.remove(field);
                        case 1 -> token.putNull(field);
                        case 2 -> token.put(field, dice.nextInt());
                        case 3 -> token.put(field, Long.toString(dice.nextLong(), 36));
                        default -> token.path(field);
                    }
                }
            });
        }
    };

    private static final List<String> OPTIONAL = List.of("label", "role_id", "token_type", "expires_at");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * What goes over the wire.
     *
     * @param status perhaps another than was meant
     */
    public record Spoken(int status, byte[] body) {}

    /** Words an answer, given as in the samples, in this way. */
    public Spoken speak(Operation operation, int status, ObjectNode answer, RandomGenerator dice) {
        if (isSilent(operation, status)) {
            return new Spoken(204, new byte[0]);
        }
        change(operation, answer, dice);
        try {
            return new Spoken(status, MAPPER.writeValueAsBytes(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    abstract void change(Operation operation, ObjectNode answer, RandomGenerator dice);

    boolean isSilent(Operation operation, int status) {
        return false;
    }

    private static List<ObjectNode> tokens(ObjectNode answer) {
        JsonNode response = answer.path("response");
        if (response instanceof ArrayNode list) {
            return list.valueStream()
                    .filter(ObjectNode.class::isInstance)
                    .map(ObjectNode.class::cast)
                    .toList();
        }
        return response instanceof ObjectNode token ? List.of(token) : List.of();
    }

    private static void epoch(ObjectNode token) {
        String end = token.path("expires_at").asText("");
        if (!end.isEmpty()) {
            token.put("expires_at", Instant.parse(end).getEpochSecond());
        }
    }

    private static void oddTime(ObjectNode token, RandomGenerator dice) {
        String end = token.path("expires_at").asText("");
        if (end.isEmpty()) {
            token.put("expires_at", "never");
            return;
        }
        switch (dice.nextInt(7)) {
            case 0 -> token.put("expires_at", end.substring(0, 10));
            case 1 -> epoch(token);
            case 2 -> token.put("expires_at", end.replace("Z", ""));
            case 3 -> token.put("expires_at", end.substring(0, 19) + ".1234567890Z");
            case 4 -> token.put("expires_at", end.substring(0, 17) + "60Z");
            case 5 -> token.put("expires_at", end.replace('T', ' '));
            default -> token.put("expires_at", "in a while");
        }
    }
}
