package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
    private static final Pattern NAME = Pattern.compile("journal-([0-9]{8,18})\\.jsonl");

    private final Disk disk;
    private final Path directory;
    private final Path setAside;
    private final HomeMark mark;
    // Those that no longer count once another is written, and whether they are to be kept nevertheless.
    private final Map<Path, Boolean> old = new ConcurrentSkipListMap<>();
    private volatile List<Path> aside = List.of();
    private long number;

    JournalFiles(Disk disk, Path directory, Path setAside, HomeMark mark) {
        this.disk = disk;
        this.directory = directory;
        this.setAside = setAside;
        this.mark = mark;
    }

    /**
     * Reads all files.
     *
     * @return the last record of each lease
     * @throws IOException if any of them cannot be read now: what is in it might be newer than what is in the others
     */
    Collection<JournalText.Numbered> read() throws IOException {
        aside = listAside();
        Map<String, JournalText.Numbered> last = new HashMap<>();
        for (Path file : segments()) {
            JournalText.Content content = JournalText.read(disk.read(file));
            content.records()
                    .forEach(
                            record -> last.merge(record.record().nonce(), record, (a, b) -> a.seq() > b.seq() ? a : b));
            old.put(file, !content.bad().isEmpty());
            tell(file, content);
        }
        return last.values();
    }

    boolean isEmpty() {
        return old.isEmpty();
    }

    Path next() {
        return directory.resolve(String.format(Locale.ROOT, "journal-%08d.jsonl", ++number));
    }

    /** Says on disk whose the files are, if that is not there. */
    void ensureMarked() throws IOException {
        mark.ensureWritten();
    }

    /** Makes a file durable. */
    Disk.OpenFile begin(Path file, byte[] content) throws IOException {
        ensureMarked();
        old.put(file, false);
        Disk.OpenFile begun = disk.create(file);
        try {
            if (content.length > 0) {
                begun.append(content);
            }
            begun.sync();
            disk.sync(directory);
        } catch (IOException | RuntimeException e) {
            close(begun, file);
            delete(file);
            throw e;
        }
        old.remove(file);
        return begun;
    }

    /** Ends writing a file. */
    void close(Disk.OpenFile file, Path path) {
        old.put(path, false);
        try {
            file.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Could not close " + path);
        }
    }

    /**
     * Clears away what no longer counts.
     *
     * @return whether all of it is; what is not, a virus scanner may just be reading
     */
    boolean tidy() {
        for (var file : List.copyOf(old.entrySet())) {
            if (file.getValue()) {
                moveAside(file.getKey());
            } else {
                delete(file.getKey());
            }
        }
        return old.isEmpty();
    }

    /** Files with something in them that is no record, where they are now. */
    List<Path> aside() {
        List<Path> all = new ArrayList<>(aside);
        old.forEach((file, damaged) -> {
            if (damaged) {
                all.add(file);
            }
        });
        return all;
    }

    private List<Path> segments() throws IOException {
        Map<Long, Path> segments = new TreeMap<>();
        for (Path file : disk.list(directory)) {
            Matcher name = NAME.matcher(name(file));
            if (name.matches()) {
                segments.put(Long.parseLong(name.group(1)), file);
                number = Math.max(number, Long.parseLong(name.group(1)));
            }
        }
        return List.copyOf(segments.values());
    }

    private List<Path> listAside() {
        try {
            return disk.list(setAside).stream()
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Nothing to be seen in " + setAside);
            return List.of();
        }
    }

    private static void tell(Path file, JournalText.Content content) {
        for (JournalText.Bad bad : content.bad()) {
            LOGGER.log(
                    Level.WARNING,
                    "No lease in {0}, line {1} ({2} bytes): {3}. All other lines count. The file will be kept in the folder"
                            + " set-aside. If it was a lease, its token is left to expire, unless an earlier line names it.",
                    new Object[] {file, bad.line(), bad.bytes(), bad.why()});
        }
        if (content.torn()) {
            LOGGER.log(
                    Level.FINE,
                    "Ends in the middle of a line, of which nobody was told that it was written: {0}",
                    file);
        }
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

    private void moveAside(Path file) {
        Path place = setAside.resolve(name(file));
        try {
            disk.createDirectories(setAside);
            List<String> taken =
                    disk.list(setAside).stream().map(JournalFiles::name).toList();
            for (int n = 2; taken.contains(name(place)); n++) {
                place = setAside.resolve(name(file) + "." + n);
            }
            Renaming.rename(disk, file, place);
            old.remove(file);
            aside = listAside();
            LOGGER.log(Level.WARNING, "Moved {0} to {1}", new Object[] {file, place});
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Could not move " + file + " to " + setAside);
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
