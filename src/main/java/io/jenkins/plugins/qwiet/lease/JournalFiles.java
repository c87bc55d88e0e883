package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Texts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a {@link Journal}: one that counts, for a moment more. What is no record in one of them is kept: that file
 * is moved aside, where others are deleted. Used by one thread at a time.
 */
final class JournalFiles {
    private static final Logger LOGGER = Logger.getLogger(JournalFiles.class.getName());
    private static final Texts TEXTS = Texts.of(JournalFiles.class);
    private static final Pattern NAME = Pattern.compile("journal-([0-9]{8,})\\.jsonl");
    /** Digits. A longer number is no reason to count on from there. */
    private static final int LONGEST_NUMBER = 15;

    private static final int MOST_TRIES = 100;
    /** The last ones of the directory's path, which this plugin makes. */
    private static final int OWN_DIRECTORIES = 2;

    /** Cleanups that find what somebody put here as it was, before it goes: who copies it here may not have written all yet. */
    private static final int LOOKS = 2;

    /**
     * @param bad what of it is no record: then it is kept nevertheless
     * @param looks how many more cleanups have to find it as it was
     */
    private record Old(JournalFile.Known file, List<JournalText.Bad> bad, int looks) {
        boolean damaged() {
            return !bad.isEmpty();
        }
    }

    private final Disk disk;
    private final Path directory;
    private final SetAside aside;
    private final HomeMark mark;
    // Those that no longer count once another is written.
    private final Map<Path, Old> old = new ConcurrentSkipListMap<>();
    private long number;
    private boolean strangers;

    JournalFiles(Disk disk, Path directory, Path setAside, HomeMark mark) {
        this.disk = disk;
        this.directory = directory;
        this.aside = new SetAside(disk, setAside);
        this.mark = mark;
    }

    /**
     * Reads all files.
     *
     * @return the last record of each lease
     * @throws IOException if any of them cannot be read now: what is in it might be newer than what is in the others
     */
    Collection<JournalText.Numbered> read() throws IOException {
        aside.list();
        return read(segments());
    }

    /**
     * The files that somebody put here since: another process that has ended, or a person with a backup.
     *
     * @param own the one that is written now, if there is one
     */
    List<Path> strangers(@CheckForNull JournalFile own) throws IOException {
        List<Path> unknown = new ArrayList<>();
        for (Path file : segments()) {
            if (!old.containsKey(file) && (own == null || !file.equals(own.path()))) {
                unknown.add(file);
            }
        }
        return unknown;
    }

    /**
     * Reads files that somebody put here, as many as can be read now: one that cannot hides no other.
     *
     * @param found gets the last record of each lease
     * @return why one cannot be read, and is left as it is; null if all were, or are not there any more
     * @throws IOException if it is not known what is there
     */
    @CheckForNull
    IOException readStrangers(List<Path> unknown, Consumer<Collection<JournalText.Numbered>> found) throws IOException {
        IOException problem = null;
        var strange = new Contents();
        for (Path file : unknown) {
            try {
                strange.read(file);
            } catch (IOException e) {
                // A name that leads nowhere is still there.
                boolean isThere =
                        !(e instanceof NoSuchFileException) || segments().contains(file);
                problem = isThere ? e : problem;
            }
        }
        found.accept(strange.take(LOOKS));
        strangers = strangers && problem != null;
        return problem;
    }

    /** Whether there are files that were not read, as far as was seen. */
    boolean hasStrangers() {
        return strangers;
    }

    /** All of them count as read, or none. */
    private Collection<JournalText.Numbered> read(List<Path> files) throws IOException {
        var all = new Contents();
        for (Path file : files) {
            all.read(file);
        }
        return all.take(0);
    }

    private void isRead(JournalFile.Known file, List<JournalText.Bad> bad, int looks) {
        old.put(file.path(), new Old(file, bad, looks));
        if (looks == 0) {
            SetAside.tell(file.path(), bad);
        }
    }

    /** Looks once more whether files that somebody put here are as they were: one that is not is to be read again. */
    void settle() {
        for (Old each : List.copyOf(old.values())) {
            if (each.looks() > 0 && isStillThere(each.file())) {
                isRead(each.file(), each.bad(), each.looks() - 1);
            }
        }
    }

    /** What is in some files. */
    private final class Contents {
        private final Map<String, JournalText.Numbered> last = new HashMap<>();
        private final Map<JournalFile.Known, List<JournalText.Bad>> bad = new HashMap<>();

        void read(Path file) throws IOException {
            Disk.Stamp stamp = disk.stamp(file).orElse(Disk.Stamp.UNKNOWN);
            byte[] bytes = disk.read(file);
            JournalText.Content content = JournalText.read(bytes);
            content.records()
                    .forEach(
                            record -> last.merge(record.record().nonce(), record, (a, b) -> a.seq() > b.seq() ? a : b));
            var known = new JournalFile.Known(
                    file, stamp.key(), Optional.of((long) bytes.length), Optional.of(stamp.modified()));
            bad.put(known, content.bad());
            if (content.torn()) {
                LOGGER.log(
                        Level.FINE,
                        "Ends in the middle of a line, of which nobody was told that it was written: {0}",
                        file);
            }
        }

        /** From here on they count as read. The last record of each lease, in their order. */
        Collection<JournalText.Numbered> take(int looks) {
            bad.forEach((file, its) -> isRead(file, its, looks));
            return last.values().stream()
                    .sorted(Comparator.comparingLong(JournalText.Numbered::seq))
                    .toList();
        }
    }

    boolean isEmpty() {
        return old.isEmpty();
    }

    /** Says on disk whose the files are, if that is not there. */
    void ensureMarked() throws IOException {
        mark.ensureWritten();
    }

    /** Gets the place ready for {@link #begin}: a directory that is gone is made again. */
    void prepare() throws IOException {
        if (disk.stamp(directory).isEmpty()) {
            disk.createDirectories(directory);
            // Which notes what the new one is known by.
            isMarkDisturbed();
        }
        ensureMarked();
    }

    /**
     * Whether somebody else changed or deleted what says whose the files are; {@link #ensureMarked} writes it again. What
     * cannot be read now may be as it was.
     */
    boolean isMarkDisturbed() {
        try {
            return mark.isDisturbed();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Not looked at: the mark in " + directory);
            return false;
        }
    }

    /** Makes a new file durable. */
    JournalFile begin(byte[] content) throws IOException {
        JournalFile begun = create();
        boolean durable = false;
        try {
            if (content.length > 0) {
                begun.append(content);
            }
            begun.sync();
            disk.sync(directory);
            syncParents();
            durable = begun.isIntact();
            if (!durable) {
                throw new NoSuchFileException(begun.path().toString(), null, TEXTS.get("JournalFiles.takenAway"));
            }
            return begun;
        } finally {
            if (!durable) {
                close(begun);
                if (isStillThere(begun.known())) {
                    delete(begun.path());
                }
            }
        }
    }

    /** What has a name that is not ours is another's, and is to be read. */
    private JournalFile create() throws IOException {
        for (int tried = 1; ; tried++) {
            Path file = directory.resolve(String.format(Locale.ROOT, "journal-%08d.jsonl", ++number));
            try {
                return JournalFile.create(disk, file);
            } catch (FileAlreadyExistsException e) {
                strangers = true;
                if (tried == MOST_TRIES) {
                    throw e;
                }
                segments();
            }
        }
    }

    /**
     * That a directory is synced says nothing of its own name. With each file, as whoever finds the directory gone makes it
     * again (the lock, too), and a new one may be known by what the former one was known by.
     */
    private void syncParents() throws IOException {
        Path place = directory.toAbsolutePath();
        for (int i = 0; i < OWN_DIRECTORIES && place.getParent() != null; i++) {
            place = place.getParent();
            disk.sync(place);
        }
    }

    /** Ends writing a file. */
    void close(JournalFile file) {
        file.close();
        old.put(file.path(), new Old(file.known(), List.of(), 0));
    }

    /**
     * Clears away what no longer counts. What is not any more what was read or written here is left, to be read. However many
     * files cannot be moved, one of them is waited for: whatever refuses that, the folder perhaps, will refuse the others.
     *
     * @return whether all of it is; what is not, a virus scanner may just be reading
     */
    boolean tidy() {
        boolean patiently = true;
        for (Old each : List.copyOf(old.values())) {
            if (each.looks() > 0 || !isStillThere(each.file())) {
                continue;
            } else if (each.damaged()) {
                patiently &= moveAside(each.file().path(), patiently);
            } else {
                delete(each.file().path());
            }
        }
        return old.isEmpty() && !strangers;
    }

    private boolean isStillThere(JournalFile.Known file) {
        try {
            Optional<Disk.Stamp> stamp = disk.stamp(file.path());
            boolean same = stamp.filter(file::is).isPresent();
            if (!same) {
                old.remove(file.path());
                strangers |= stamp.isPresent();
            }
            return same;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Not looked at: " + file.path());
            return false;
        }
    }

    /** Looks which files are still set aside. Never fails. */
    void lookAside() {
        aside.list();
    }

    /** Files with something in them that is no record, where they are now. */
    List<Path> aside() {
        List<Path> all = new ArrayList<>(aside.files());
        old.forEach((path, file) -> {
            if (file.damaged()) {
                all.add(path);
            }
        });
        return all;
    }

    private List<Path> segments() throws IOException {
        List<Path> segments = new ArrayList<>();
        for (Path file : disk.list(directory)) {
            Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
            if (name.matches() && name.group(1).length() <= LONGEST_NUMBER) {
                number = Math.max(number, Long.parseLong(name.group(1)));
            }
            if (name.matches() && !disk.isDirectory(file)) {
                segments.add(file);
            }
        }
        segments.sort(Comparator.naturalOrder());
        return segments;
    }

    private void delete(Path file) {
        try {
            disk.delete(file);
            old.remove(file);
        } catch (IOException e) {
            // Harmless: every later record counts more than those in it.
            LOGGER.log(Level.FINE, e, () -> "Could not delete " + file);
        }
    }

    private boolean moveAside(Path file, boolean patiently) {
        return aside.take(file, patiently) && old.remove(file) != null;
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
