package io.jenkins.plugins.qwiet.lease;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells whether this is the place where the leases were written, or a copy of it. A file, kept twice, names the {@link
 * Home} for which it was made, and what the file system knows the directory by, which is another for a copy. Where
 * that does not fit, a new owner begins, and leases of the former are not its own.
 *
 * <p>A sign that changes by itself would make every start a copy. So what the file system says counts only when a later
 * start has seen the same, and never again once it has misled; the name of the machine counts at once, but when it has
 * misled only after a later start has seen the same, or if the file system says so too and never misled.
 *
 * <p>Safe on any thread.
 */
final class HomeMark {
    /** Two, since without one all leases rest; the first that is whole counts. */
    private static final List<String> FILES = List.of("owner.json", "owner-again.json");

    private static final String UNFINISHED = "owner.json.tmp";
    private static final Logger LOGGER = Logger.getLogger(HomeMark.class.getName());

    /** What a home is known by. */
    enum Sign {
        PATH,
        INSTANCE,
        MACHINE,
        DIRECTORY,
        /** Of which neither counts alone, as none was seen again after it had misled. */
        MACHINE_AND_DIRECTORY,
        /** It is not known what it was. */
        NONE
    }

    /** Whether a sign stays the same where it should. */
    enum Steady {
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
     * @param why we are not that one, for a person, as it was when that was noticed
     * @param since when that was
     */
    record Former(Home home, Sign by, String why, Instant since) {}

    /** What is in the file. */
    record Owner(String id, Home home, Steady machine, String directoryId, Steady directory, Instant since) {
        /** In a directory that somebody made anew while its process had it. */
        Owner in(String newDirectoryId) {
            Steady known = directory == Steady.NO ? Steady.NO : Steady.NOT_KNOWN;
            return new Owner(id, home, machine, newDirectoryId, known, since);
        }
    }

    private final Disk disk;
    private final Path directory;
    private final Home home;
    private final Supplier<String> ids;
    private final Instant now;
    private final Map<String, Former> formers = new LinkedHashMap<>();
    // Its id does not change once it was written. Changed by whoever holds the lock, which is never held while the disk
    // is waited for.
    private volatile Owner owner;
    private boolean whole = true;
    /** Whether there was none, so that another process that starts on a new home may have written one since. */
    private volatile boolean fresh;

    private volatile boolean written;

    private HomeMark(Disk disk, Path directory, Home home, Clock clock, Supplier<String> ids) {
        this.disk = disk;
        this.directory = directory;
        this.home = home;
        this.ids = ids;
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
        var mark = new HomeMark(disk, directory, home, clock, ids);
        mark.begin(disk.identity(directory));
        return mark;
    }

    String owner() {
        return owner.id();
    }

    /** What is known about an owner that is not this one; why, as it is here and now. */
    synchronized Former former(String other) {
        Former noticed = formers.get(other);
        return noticed == null
                ? new Former(Home.UNKNOWN, Sign.NONE, HomeDifference.ofUnknown(), now)
                : new Former(
                        noticed.home(), noticed.by(), HomeDifference.whyNow(noticed, owner.home()), noticed.since());
    }

    /** A person says that this owner was this one: what told them apart counts less from now on. */
    synchronized void misled(String other) {
        Sign by = former(other).by();
        owner = new Owner(
                owner.id(),
                owner.home(),
                by == Sign.MACHINE || by == Sign.MACHINE_AND_DIRECTORY ? Steady.NOT_KNOWN : owner.machine(),
                owner.directoryId(),
                by == Sign.DIRECTORY || by == Sign.MACHINE_AND_DIRECTORY ? Steady.NO : owner.directory(),
                owner.since());
        written = false;
    }

    /**
     * Writes the mark, if it has changed. Before any lease: or that would look like another's after a crash. By one thread at
     * a time.
     */
    void ensureWritten() throws IOException {
        if (fresh) {
            begin(disk.identity(directory));
        }
        if (!written) {
            write();
        }
        fresh = false;
    }

    /**
     * Sees whether it is on disk as it was written, and where that is now; {@link #ensureWritten} puts it right. By one
     * thread at a time.
     *
     * @return whether somebody else changed or deleted it
     */
    boolean isDisturbed() throws IOException {
        String id = identity();
        byte[] content;
        boolean before;
        synchronized (this) {
            before = written;
            content = MarkText.write(owner, formers);
            if (!id.isEmpty() && !id.equals(owner.directoryId())) {
                // Made anew, or known by another name now, while this process has it: so it is no copy.
                owner = owner.in(id);
                written = false;
            }
        }
        if (!before) {
            return false;
        }
        for (String name : FILES) {
            if (!isThere(directory.resolve(name), content)) {
                written = false;
                return true;
            }
        }
        return false;
    }

    private String identity() throws IOException {
        try {
            return disk.identity(directory);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private boolean isThere(Path file, byte[] content) throws IOException {
        try {
            return Arrays.equals(disk.read(file), content);
        } catch (NoSuchFileException | FileNotFoundException e) {
            return false;
        }
    }

    /** Forgets others of whom nothing is left, since a machine may have another name with each start. */
    synchronized void keepFormers(Set<String> owners) {
        if (formers.keySet().retainAll(owners)) {
            written = false;
        }
    }

    private void write() throws IOException {
        Owner current;
        byte[] content;
        synchronized (this) {
            current = owner;
            content = MarkText.write(owner, formers);
        }
        Path unfinished = directory.resolve(UNFINISHED);
        for (String name : FILES) {
            disk.delete(unfinished);
            try (Disk.OpenFile file = disk.create(unfinished)) {
                file.append(content);
                file.sync();
            }
            Renaming.rename(disk, unfinished, directory.resolve(name));
            // Before the other: or a power cut may take both.
            disk.sync(directory);
        }
        synchronized (this) {
            written = owner == current;
        }
    }

    private synchronized void begin(String directoryId) throws IOException {
        Owner before = readOwner();
        if (before == null && fresh
                || before != null && owner != null && before.id().equals(owner.id())) {
            // Not there yet; or this process wrote one of the two, which is no later start that has seen the same.
            return;
        }
        fresh = before == null;
        HomeDifference difference = before == null ? null : HomeDifference.of(before, home, directoryId);
        if (before == null || difference != null) {
            if (difference != null) {
                formers.put(before.id(), new Former(before.home(), difference.by(), difference.why(), now));
            }
            owner = new Owner(ids.get(), home, Steady.YES, directoryId, Steady.NOT_KNOWN, now);
            return;
        }
        Home its = before.home();
        owner = new Owner(
                before.id(),
                // What is not known this time is what it was, or a copy of this home would be taken for it.
                home.or(its),
                Home.differ(home.machine(), its.machine()) || home.machine().isEmpty()
                        ? before.machine()
                        : before.machine().seenAgain(),
                Home.known(directoryId, before.directoryId()),
                directoryId.equals(before.directoryId()) ? before.directory().seenAgain() : before.directory(),
                before.since());
        written = whole && owner.equals(before);
    }

    /** Null if there is none that is whole. The other is written anew if it is not the same: a kill may have come between. */
    private Owner readOwner() throws IOException {
        IOException unwell = null;
        MarkText.Mark found = null;
        byte[] first = null;
        for (String name : FILES) {
            Path file = directory.resolve(name);
            try {
                byte[] bytes = disk.read(file);
                if (Arrays.equals(bytes, first)) {
                    continue;
                }
                // Not the bytes: damaged ones may look like another encoding, and that like a bad disk.
                MarkText.Mark read = MarkText.read(new String(bytes, StandardCharsets.UTF_8), now);
                if (read == null) {
                    LOGGER.log(Level.WARNING, "It is damaged, and not used: {0}", file);
                } else if (found == null) {
                    found = read;
                    first = bytes;
                    continue;
                }
            } catch (NoSuchFileException | FileNotFoundException e) {
                LOGGER.log(Level.FINE, "Not there: {0}", file);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "It cannot be read now: " + file);
                unwell = e;
            }
            whole = false;
        }
        if (found == null && unwell != null) {
            throw unwell;
        } else if (found == null) {
            return null;
        }
        formers.putAll(found.formers());
        return found.owner();
    }
}
