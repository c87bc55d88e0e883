package io.jenkins.plugins.qwiet.lease;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All that leases do on a disk, and nothing else does. {@link LocalDisk} but in tests, which put one in its place that
 * fills up, fails, or loses its power. Safe on any thread; a file is appended to by one thread at a time.
 *
 * <p>What a power cut leaves is: of a directory, any mixture of the names before and after the changes that were not
 * synced; of a file, what was synced, then anything of what was appended since: all, nothing, a part, or zeros in its
 * place.
 *
 * <p>All methods may block, and throw an {@link IOException} for a disk that is full, read-only, or not well. Then what
 * they were to do may be done, half done or not done. {@link java.nio.file.NoSuchFileException} and {@link
 * java.nio.file.FileAlreadyExistsException} say what their names say.
 */
interface Disk {
    /** A file that is being written. */
    interface OpenFile extends Closeable {
        /** Writes at the end. After an error, any part may have been written. */
        void append(byte[] bytes) throws IOException;

        /** Returns when all that was appended is on the platters. After an error that never holds for this file. */
        void sync() throws IOException;
    }

    /** What was locked. Closing it a second time does nothing. */
    interface Lock extends Closeable {
        /**
         * Tries again to lock what could not be locked: for a moment, or because the disk knows no locks. Does nothing
         * where it is locked.
         */
        default void retry() {}
    }

    /**
     * What is seen of a file by its name.
     *
     * @param key another for another file of that name, as long as the first is open
     * @param size in bytes
     * @param modified another number after a change, where the disk tells
     */
    record Stamp(String key, long size, long modified) {
        /** Of a disk that cannot tell. */
        static final Stamp UNKNOWN = new Stamp("", 0, 0);
    }

    /** What has that name now; empty if nothing has. */
    default Optional<Stamp> stamp(Path file) throws IOException {
        return Optional.of(Stamp.UNKNOWN);
    }

    /**
     * Makes a directory and those above it, where they are missing; their names stay for sure after {@link #sync(Path)} of
     * what is above each. Nobody else may look into it, where that can be.
     */
    void createDirectories(Path directory) throws IOException;

    /** What is in a directory, in no order; only the files and directories right in it. */
    List<Path> list(Path directory) throws IOException;

    /** Whether a directory has that name. */
    default boolean isDirectory(Path file) {
        return false;
    }

    /** All of a file. */
    byte[] read(Path file) throws IOException;

    /** Makes a file that was not there. Its name is sure to stay after {@link #sync(Path)} of its directory. */
    OpenFile create(Path file) throws IOException;

    /** Gives a file another name at one stroke, in place of what had that name. To be called by {@link Renaming} alone. */
    void rename(Path from, Path to) throws IOException;

    /** Waits, so that another process may let go of a file; shorter on a thread that is interrupted, and not in worlds. */
    default void pause(long millis) {}

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException;

    /** Returns when the names in a directory are on the platters. */
    void sync(Path directory) throws IOException;

    /**
     * Locks a file for this process, until it ends or closes what is returned; makes the file if it is missing.
     *
     * @param holder is put into {@link #holderOf} it, for those who do not get it
     * @return empty if it is locked already, by another process or by this one. A disk that cannot lock it now,
     *     or never, says so in the log, and lets everybody have it
     */
    Optional<Lock> lock(Path file, byte[] holder) throws IOException;

    /** Where it is said who has a lock. The lock itself is read by nobody: to close it again would unlock it. */
    static Path holderOf(Path lock) {
        return lock.resolveSibling(lock.getFileName() + "-holder");
    }

    /**
     * What a directory is known by as long as it is there, and a copy of it by another. Some file systems give it another
     * with each mount.
     */
    String identity(Path directory) throws IOException;
}
