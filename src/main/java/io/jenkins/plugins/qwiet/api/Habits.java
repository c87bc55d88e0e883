package io.jenkins.plugins.qwiet.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.Headers;

/**
 * What stands beside the response in answers of an API that list nothing, so that it says nothing about a list either:
 * gateways add fields of their own to each answer. Safe on any thread.
 */
final class Habits {
    /** What a path of names leads to, in an answer. */
    record Field(String path, String value, boolean yesOrNo) {}

    private static final int MOST = 200;
    private static final int LONGEST = 200;
    private static final Pattern CLOCK = Pattern.compile("\\b[0-9]{1,2}:[0-9]{2}:[0-9]{2}\\b");
    private static final Set<String> ENVELOPE = Set.of("ok", "response");

    /** Paths of fields, with a value, of those that do not vary. */
    private final Set<String> values = newest();
    /** Paths of those that are a number, or look like an id: they may be others each time. */
    private final Set<String> varying = newest();

    /** What was learned last stays: what every answer has is learned with each. */
    private static Set<String> newest() {
        return Collections.newSetFromMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MOST;
            }
        });
    }

    /** A text as it is, or what stands for one that is too long to be kept. */
    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.length() + " characters, " + text.hashCode();
    }

    /** Takes an answer that lists nothing. */
    synchronized void learn(JsonNode envelope) {
        JsonNode response = envelope.path("response");
        String things = String.valueOf(response.isArray() ? response.size() : 1);
        envelope.fields().forEachRemaining(field -> {
            if (!ENVELOPE.contains(field.getKey())) {
                learn(field.getKey(), field.getValue(), things, 0);
            }
        });
    }

    /** The same of its headers: those that nobody knows, if a list has them too, with the same value. */
    void learn(Headers headers) {
        var page = new Paging();
        new PageHeaders(page, new Links()).see(headers);
        synchronized (this) {
            page.unknown().forEach(field -> values.add(field.path() + "=" + field.value()));
        }
    }

    /** @param things how many the answer has: a number that is always that one may be how many there are of a list */
    private void learn(String path, JsonNode value, String things, int depth) {
        if (value.isObject() && depth <= Paging.DEEPEST) {
            value.fields()
                    .forEachRemaining(field -> learn(path + "." + field.getKey(), field.getValue(), things, depth + 1));
        } else if (value.isArray() && depth <= Paging.DEEPEST) {
            value.forEach(each -> learn(path, each, things, depth + 1));
        } else if (value.isValueNode() && path.length() <= LONGEST) {
            String text = value.asText().trim();
            if (!value.isBoolean() && mayVary(text) && !text.equals(things)) {
                varying.add(path);
            } else {
                values.add(path + "=" + shortened(text));
            }
        }
    }

    /** Whether all of these stand in any answer: as they are, or, if numbers or what looks like ids, with other values. */
    synchronized boolean have(Collection<Field> fields) {
        return fields.stream().allMatch(this::has);
    }

    private boolean has(Field field) {
        return values.contains(field.path() + "=" + field.value())
                || !field.yesOrNo() && varying.contains(field.path()) && mayVary(field.value());
    }

    private static boolean mayVary(String text) {
        return CLOCK.matcher(text).find()
                || text.chars().anyMatch(Character::isDigit) && text.chars().noneMatch(Character::isWhitespace);
    }

    /** In the order of the alphabet. */
    static Set<String> paths(Collection<Field> fields) {
        return fields.stream().map(Field::path).collect(Collectors.toCollection(TreeSet::new));
    }
}
