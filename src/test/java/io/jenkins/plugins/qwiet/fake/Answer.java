package io.jenkins.plugins.qwiet.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What is to be answered: status, headers, body. */
record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    static Answer json(byte[] body) {
        return new Answer(200, JSON, body);
    }

    static Answer text(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "text/plain; charset=utf-8"), bytes(body));
    }

    static Answer html(int status) {
        String page = "<!DOCTYPE html>\n<html><head><title>" + status + "</title></head>"
                + "<body><h1>The page of a proxy</h1></body></html>\n";
        return new Answer(status, Map.of("Content-Type", "text/html"), bytes(page));
    }

    /** Qwiet's envelope for what went wrong. */
    static Answer error(int status, String code, String message, List<String> validationErrors) {
        var envelope = new LinkedHashMap<String, Object>();
        envelope.put("ok", false);
        envelope.put("code", code);
        envelope.put("message", message);
        if (!validationErrors.isEmpty()) {
            envelope.put("validation_errors", validationErrors);
        }
        try {
            return new Answer(status, JSON, MAPPER.writeValueAsBytes(envelope));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer with(String header, String valueOrNull) {
        if (valueOrNull == null) {
            return this;
        }
        var more = new LinkedHashMap<>(headers);
        more.put(header, valueOrNull);
        return new Answer(status, more, body);
    }

    Answer withBody(byte[] other) {
        return new Answer(status, headers, other);
    }

    /** The same, in other words; itself if it is not one of Qwiet's. */
    Answer in(Dialect dialect, Operation operation, RandomGenerator dice) {
        if (dialect == Dialect.PLAIN || operation == null) {
            return this;
        }
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode json) {
                Dialect.Spoken spoken = dialect.speak(operation, status, json, dice);
                return new Answer(spoken.status(), headers, spoken.body());
            }
        } catch (IOException e) {
            // A page.
        }
        return this;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
