package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A {@link HomeMark} as text: a line of JSON, with a sum of the rest of it. Of a later version of this plugin, the owner
 * counts, and what is not known in it is left out.
 */
final class MarkText {
    private static final JsonMapper JSON = new JsonMapper();

    /** @param formers by their ids */
    record Mark(HomeMark.Owner owner, Map<String, HomeMark.Former> formers) {}

    private MarkText() {}

    static byte[] write(HomeMark.Owner owner, Map<String, HomeMark.Former> formers) throws IOException {
        JsonNode mark = json(owner, formers);
        ObjectNode json = JSON.createObjectNode().put("sum", sum(mark));
        return (JSON.writeValueAsString(json.set("mark", mark)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String sum(JsonNode mark) throws IOException {
        var crc = new CRC32C();
        crc.update(JSON.writeValueAsBytes(mark));
        return Long.toHexString(crc.getValue());
    }

    private static ObjectNode json(HomeMark.Owner owner, Map<String, HomeMark.Former> formers) {
        ObjectNode json = JSON.createObjectNode().put("id", owner.id());
        add(owner.home(), json);
        json.put("machineIsSteady", owner.machine().name())
                .put("directory", owner.directoryId())
                .put("directoryIsSteady", owner.directory().name())
                .put("since", owner.since().toString());
        ObjectNode others = json.putObject("formers");
        formers.forEach((id, former) -> {
            ObjectNode one = others.putObject(id);
            add(former.home(), one);
            one.put("by", former.by().name())
                    .put("why", former.why())
                    .put("since", former.since().toString());
        });
        return json;
    }

    private static void add(Home home, ObjectNode json) {
        json.put("path", home.path()).put("machine", home.machine()).put("instance", home.instance());
    }

    /**
     * Null if it is damaged.
     *
     * @param now stands for times that are none
     */
    @CheckForNull
    static Mark read(String text, Instant now) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
        JsonNode mark = json.path("mark");
        String id = mark.path("id").asText();
        if (!mark.isObject()
                || id.isEmpty()
                || !sum(mark).equals(json.path("sum").asText())) {
            return null;
        }
        var owner = new HomeMark.Owner(
                id,
                home(mark),
                one(HomeMark.Steady.class, mark.path("machineIsSteady"), HomeMark.Steady.NOT_KNOWN),
                mark.path("directory").asText(),
                one(HomeMark.Steady.class, mark.path("directoryIsSteady"), HomeMark.Steady.NOT_KNOWN),
                time(mark.path("since"), now));
        Map<String, HomeMark.Former> formers = new LinkedHashMap<>();
        mark.path("formers").fields().forEachRemaining(each -> {
            JsonNode former = each.getValue();
            formers.put(
                    each.getKey(),
                    new HomeMark.Former(
                            home(former),
                            one(HomeMark.Sign.class, former.path("by"), HomeMark.Sign.NONE),
                            former.path("why").asText(),
                            time(former.path("since"), now)));
        });
        return new Mark(owner, formers);
    }

    private static Home home(JsonNode json) {
        return new Home(
                json.path("path").asText(),
                json.path("machine").asText(),
                json.path("instance").asText());
    }

    private static <E extends Enum<E>> E one(Class<E> kind, JsonNode name, E otherwise) {
        try {
            return Enum.valueOf(kind, name.asText());
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    private static Instant time(JsonNode time, Instant otherwise) {
        try {
            return Instant.parse(time.asText());
        } catch (DateTimeException e) {
            return otherwise;
        }
    }
}
