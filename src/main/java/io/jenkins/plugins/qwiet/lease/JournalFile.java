package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A file that this process made and appends to. What is written to a file stays readable only if its name still leads
 * there: whoever deletes, replaces or shortens it meanwhile takes it away without an error. Used by one thread at a time.
 */
final class JournalFile {
    private static final Logger LOGGER = Logger.getLogger(JournalFile.class.getName());

    private final Disk disk;
    private final Path path;
    private final Disk.OpenFile open;
    private final String key;
    private long size;
    private boolean sound = true;

    private JournalFile(Disk disk, Path path, Disk.OpenFile open, String key) {
        this.disk = disk;
        this.path = path;
        this.open = open;
        this.key = key;
    }

    /** Makes a file that was not there; nothing of it is sure to stay yet. */
    static JournalFile create(Disk disk, Path path) throws IOException {
        Disk.OpenFile open = disk.create(path);
        boolean known = false;
        try {
            String key = disk.stamp(path)
                    .orElseThrow(() -> new NoSuchFileException(path.toString()))
                    .key();
            known = true;
            return new JournalFile(disk, path, open, key);
        } finally {
            if (!known) {
                close(open, path);
            }
        }
    }

    /** After an error, it is not known what is in it. */
    void append(byte[] bytes) throws IOException {
        sound = false;
        open.append(bytes);
        size += bytes.length;
        sound = true;
    }

    void sync() throws IOException {
        open.sync();
    }

    /** Whether all that was written, and nothing else, is to be found by its name. */
    boolean isIntact() throws IOException {
        return disk.stamp(path).filter(stamp -> known().is(stamp)).isPresent();
    }

    /** What it is known by. */
    Known known() {
        return new Known(path, key, sound ? Optional.of(size) : Optional.empty(), Optional.empty());
    }

    long size() {
        return size;
    }

    Path path() {
        return path;
    }

    void close() {
        close(open, path);
    }

    private static void close(Disk.OpenFile open, Path path) {
        try {
            open.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Could not close " + path);
        }
    }

    /**
     * What a file is known by that was read or written here.
     *
     * @param size empty if it is not known
     * @param modified of the disk's stamp; empty if this process wrote it
     */
    record Known(Path path, String key, Optional<Long> size, Optional<Long> modified) {
        /** Whether that is still the same, with nothing in it that was not seen here. */
        boolean is(Disk.Stamp stamp) {
            return stamp.equals(Disk.Stamp.UNKNOWN)
                    || key.equals(stamp.key())
                            && size.orElse(stamp.size()).equals(stamp.size())
                            && modified.orElse(stamp.modified()).equals(stamp.modified());
        }
    }
}
