package io.jenkins.plugins.qwiet.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells whether this is the place where the leases were written, or a copy of it. The file {@code owner.json} names the
 * home for which it was made, and itself: a copy of it is another file, even at a path of the same name. Where that does
 * not fit, a new owner begins, and leases of the former are not its own. Used by one thread at a time.
 */
final class HomeMark {
    private static final String FILE = "owner.json";
    private static final String UNFINISHED = "owner.json.tmp";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * An owner that is not this one.
     *
     * @param why we are not that one, for a person
     * @param since when that was noticed
     */
    record Former(String why, Instant since) {}

    private final Disk disk;
    private final Path directory;
    private final Home home;
    private final Instant now;
    private final Map<String, Former> formers = new LinkedHashMap<>();
    private String owner;
    private boolean written;

    private HomeMark(Disk disk, Path directory, Home home, Clock clock) {
        this.disk = disk;
        this.directory = directory;
        this.home = home;
        this.now = clock.instant();
    }

    /**
     * Reads the mark; writes none yet.
     *
     * @param ids for a new owner; never the same twice
     * @throws IOException if the disk is not well, so that nothing can be said
     */
    static HomeMark read(Disk disk, Path directory, Home home, Clock clock, Supplier<String> ids) throws IOException {
        var mark = new HomeMark(disk, directory, home, clock);
        Optional<String> ours = mark.ours();
        mark.written = ours.isPresent();
        mark.owner = ours.orElseGet(ids);
        return mark;
    }

    String owner() {
        return owner;
    }

    /** What is known about an owner that is not this one. */
    Former former(String other) {
        return formers.getOrDefault(other, new Former("it is not known who wrote them", now));
    }

    /** Writes the mark, if it is new. Before any lease: or that would look like another's after a crash. */
    void ensureWritten() throws IOException {
        if (written) {
            return;
        }
        Path unfinished = directory.resolve(UNFINISHED);
        disk.delete(unfinished);
        try (Disk.OpenFile file = disk.create(unfinished)) {
            file.append(
                    (JSON.writeValueAsString(json(disk.identity(unfinished))) + "\n").getBytes(StandardCharsets.UTF_8));
            file.sync();
        }
        disk.rename(unfinished, directory.resolve(FILE));
        disk.sync(directory);
        written = true;
    }

    private Optional<String> ours() throws IOException {
        Path file = directory.resolve(FILE);
        JsonNode json;
        try {
            json = JSON.readTree(disk.read(file));
        } catch (NoSuchFileException | FileNotFoundException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty(); // Written by nobody who knows how; so whose leases these are is not known either.
        }
        try {
            json.path("formers")
                    .fields()
                    .forEachRemaining(former -> formers.put(
                            former.getKey(),
                            new Former(
                                    former.getValue().path("why").asText(),
                                    Instant.parse(
                                            former.getValue().path("since").asText()))));
        } catch (DateTimeException e) {
            formers.clear();
        }
        String id = json.path("id").asText();
        Optional<String> difference = difference(json, disk.identity(file));
        difference.ifPresent(why -> formers.put(id, new Former(why, now)));
        return difference.isPresent() || id.isEmpty() ? Optional.empty() : Optional.of(id);
    }

    private Optional<String> difference(JsonNode json, String identity) {
        var before = new Home(
                json.path("path").asText(),
                json.path("machine").asText(),
                json.path("instance").asText());
        Optional<String> difference = home.differenceTo(before);
        return difference.isPresent() || identity.equals(json.path("file").asText())
                ? difference
                : Optional.of("these files are a copy, or were restored from one");
    }

    private ObjectNode json(String identity) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", owner)
                .put("path", home.path())
                .put("machine", home.machine())
                .put("instance", home.instance())
                .put("file", identity)
                .put("since", now.toString());
        ObjectNode others = json.putObject("formers");
        formers.forEach((id, former) -> others.putObject(id)
                .put("why", former.why())
                .put("since", former.since().toString()));
        return json;
    }
}
