package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What stands beside the response in answers of an API that list nothing, so that it says nothing about a list either:
 * gateways add fields of their own to each answer. Safe on any thread.
 */
final class Habits {
    /** What a path of names leads to, in an answer. */
    record Field(String path, String value, boolean yesOrNo) {}

    private static final int MOST = 200;
    private static final int LONGEST = 200;
    private static final Set<String> ENVELOPE = Set.of("ok", "response");

    /** Paths of fields, with a value. */
    private final Set<String> values = ConcurrentHashMap.newKeySet();
    /** Paths of those that are a number, or look like an id: they may be others each time. */
    private final Set<String> varying = ConcurrentHashMap.newKeySet();

    /** Takes an answer that lists nothing. */
    void learn(JsonNode envelope) {
        envelope.fields().forEachRemaining(field -> {
            if (!ENVELOPE.contains(field.getKey())) {
                learn(field.getKey(), field.getValue());
            }
        });
    }

    private void learn(String path, JsonNode value) {
        if (value.isObject()) {
            value.fields().forEachRemaining(field -> learn(path + "." + field.getKey(), field.getValue()));
        } else if (value.isArray()) {
            value.forEach(each -> learn(path, each));
        } else if (value.isValueNode() && path.length() <= LONGEST && values.size() < MOST) {
            String text = value.asText().trim();
            if (text.length() <= LONGEST) {
                values.add(path + "=" + text);
            }
            if (!value.isBoolean() && mayVary(text)) {
                varying.add(path);
            }
        }
    }

    /** Whether all of these stand in any answer: as they are, or, if numbers or what looks like ids, with other values. */
    boolean have(Collection<Field> fields) {
        return fields.stream().allMatch(this::has);
    }

    private boolean has(Field field) {
        return values.contains(field.path() + "=" + field.value())
                || !field.yesOrNo() && varying.contains(field.path()) && mayVary(field.value());
    }

    private static boolean mayVary(String text) {
        return text.chars().anyMatch(Character::isDigit) && text.chars().noneMatch(Character::isWhitespace);
    }
}
