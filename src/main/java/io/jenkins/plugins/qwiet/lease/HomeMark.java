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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32C;

/**
 * Tells whether this is the place where the leases were written, or a copy of it. A file, kept twice, names the {@link
 * Home} for which it was made, and what the file system knows the directory by, which is another for a copy. Where
 * that does not fit, a new owner begins, and leases of the former are not its own.
 *
 * <p>A sign that changes by itself would make every start a copy. So what the file system says counts only when a later
 * start has seen the same, and never again once it has misled; the name of the machine counts at once, but when it has
 * misled only after a later start has seen the same.
 *
 * <p>Safe on any thread.
 */
final class HomeMark {
    /** Two, since without one all leases rest; the first that is whole counts. */
    private static final List<String> FILES = List.of("owner.json", "owner-again.json");

    private static final String UNFINISHED = "owner.json.tmp";
    private static final Logger LOGGER = Logger.getLogger(HomeMark.class.getName());
    private static final JsonMapper JSON = new JsonMapper();

    /** What a home is known by. */
    private enum Sign {
        PATH,
        INSTANCE,
        MACHINE,
        DIRECTORY,
        /** It is not known what it was. */
        NONE
    }

    /** Whether a sign stays the same where it should. */
    private enum Steady {
        NOT_KNOWN,
        YES,
        NO;

        Steady seenAgain() {
            return this == NO ? NO : YES;
        }
    }

    /**
     * An owner that is not this one.
     *
     * @param why we are not that one, for a person
     * @param since when that was noticed
     */
    record Former(Home home, Sign by, String why, Instant since) {}

    /** What is in the file. */
    private record Owner(String id, Home home, Steady machine, String directoryId, Steady directory, Instant since) {}

    private record Difference(Sign by, String why) {}

    private final Disk disk;
    private final Path directory;
    private final Instant now;
    private final Map<String, Former> formers = new LinkedHashMap<>();
    // Its id never changes. Changed by whoever holds the lock, which is never held while the disk is waited for.
    private volatile Owner owner;
    private boolean whole = true;
    private volatile boolean written;

    private HomeMark(Disk disk, Path directory, Clock clock) {
        this.disk = disk;
        this.directory = directory;
        this.now = clock.instant();
    }

    /**
     * Reads the mark; writes none yet.
     *
     * @param directory that is there
     * @param ids for a new owner; never the same twice
     * @throws IOException if the disk is not well, so that nothing can be said
     */
    static HomeMark read(Disk disk, Path directory, Home home, Clock clock, Supplier<String> ids) throws IOException {
        var mark = new HomeMark(disk, directory, clock);
        mark.begin(home, disk.identity(directory), ids);
        return mark;
    }

    String owner() {
        return owner.id();
    }

    /** What is known about an owner that is not this one. */
    synchronized Former former(String other) {
        return formers.getOrDefault(other, new Former(Home.UNKNOWN, Sign.NONE, "it is not known who wrote them", now));
    }

    /** A person says that this owner was this one: what told them apart counts less from now on. */
    synchronized void misled(String other) {
        Sign by = former(other).by();
        owner = new Owner(
                owner.id(),
                owner.home(),
                by == Sign.MACHINE ? Steady.NOT_KNOWN : owner.machine(),
                owner.directoryId(),
                by == Sign.DIRECTORY ? Steady.NO : owner.directory(),
                owner.since());
        written = false;
    }

    /**
     * Writes the mark, if it has changed. Before any lease: or that would look like another's after a crash. By one thread at
     * a time.
     */
    void ensureWritten() throws IOException {
        if (!written) {
            write();
        }
    }

    private void write() throws IOException {
        Owner current;
        byte[] content;
        synchronized (this) {
            current = owner;
            content = content(json());
        }
        Path unfinished = directory.resolve(UNFINISHED);
        for (String name : FILES) {
            disk.delete(unfinished);
            try (Disk.OpenFile file = disk.create(unfinished)) {
                file.append(content);
                file.sync();
            }
            Renaming.rename(disk, unfinished, directory.resolve(name));
        }
        disk.sync(directory);
        synchronized (this) {
            written = owner == current;
        }
    }

    /** A line of JSON, with a sum of the rest of it. */
    private static byte[] content(JsonNode mark) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("sum", sum(mark));
        return (JSON.writeValueAsString(json.set("mark", mark)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String sum(JsonNode mark) throws IOException {
        var crc = new CRC32C();
        crc.update(JSON.writeValueAsBytes(mark));
        return Long.toHexString(crc.getValue());
    }

    private synchronized void begin(Home home, String directoryId, Supplier<String> ids) throws IOException {
        Owner before = readOwner();
        Difference difference = before == null ? null : difference(before, home, directoryId);
        if (before == null || difference != null) {
            if (difference != null) {
                formers.put(before.id(), new Former(before.home(), difference.by(), difference.why(), now));
            }
            owner = new Owner(ids.get(), home, Steady.YES, directoryId, Steady.NOT_KNOWN, now);
            return;
        }
        owner = new Owner(
                before.id(),
                home,
                home.machine().equals(before.home().machine())
                        ? before.machine().seenAgain()
                        : before.machine(),
                directoryId,
                directoryId.equals(before.directoryId()) ? before.directory().seenAgain() : before.directory(),
                before.since());
        written = whole && owner.equals(before);
    }

    /** Null if this is the same place, as far as can be told. */
    private static Difference difference(Owner before, Home home, String directoryId) {
        Home its = before.home();
        if (differ(home.path(), its.path())) {
            return new Difference(Sign.PATH, "they were written at " + its.path() + ", and this is " + home.path());
        } else if (differ(home.instance(), its.instance())) {
            return new Difference(Sign.INSTANCE, "they were written by a Jenkins with another instance identity");
        } else if (before.machine() == Steady.YES && differ(home.machine(), its.machine())) {
            return new Difference(
                    Sign.MACHINE,
                    "they were written on \"" + its.machine() + "\", and this is \"" + home.machine() + "\"");
        } else if (before.directory() == Steady.YES && differ(directoryId, before.directoryId())) {
            return new Difference(
                    Sign.DIRECTORY, "their directory is not the one that they were written in, but a copy of it");
        }
        return null;
    }

    private static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }

    /** Null if there is none that is whole. */
    private Owner readOwner() throws IOException {
        for (String name : FILES) {
            Path file = directory.resolve(name);
            try {
                // Not the bytes: damaged ones may look like another encoding, and that like a bad disk.
                Owner read = parse(new String(disk.read(file), StandardCharsets.UTF_8));
                if (read != null) {
                    return read;
                }
                whole = false;
                LOGGER.log(Level.WARNING, "It is damaged, and not used: {0}", file);
            } catch (NoSuchFileException | FileNotFoundException e) {
                whole = false;
            }
        }
        return null;
    }

    /** Null if it is damaged. */
    private Owner parse(String text) throws IOException {
        try {
            JsonNode json = JSON.readTree(text);
            JsonNode mark = json.path("mark");
            if (!mark.isObject() || !sum(mark).equals(json.path("sum").asText())) {
                return null;
            }
            var owner = new Owner(
                    mark.path("id").asText(),
                    readHome(mark),
                    Steady.valueOf(mark.path("machineIsSteady").asText()),
                    mark.path("directory").asText(),
                    Steady.valueOf(mark.path("directoryIsSteady").asText()),
                    Instant.parse(mark.path("since").asText()));
            mark.path("formers")
                    .fields()
                    .forEachRemaining(former -> formers.put(former.getKey(), readFormer(former.getValue())));
            return owner;
        } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Former readFormer(JsonNode json) {
        return new Former(
                readHome(json),
                Sign.valueOf(json.path("by").asText()),
                json.path("why").asText(),
                Instant.parse(json.path("since").asText()));
    }

    private static Home readHome(JsonNode json) {
        return new Home(
                json.path("path").asText(),
                json.path("machine").asText(),
                json.path("instance").asText());
    }

    private static void add(Home home, ObjectNode json) {
        json.put("path", home.path()).put("machine", home.machine()).put("instance", home.instance());
    }

    private synchronized ObjectNode json() {
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
}
