package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Locks a file of this machine for this process, as far as its file system knows locks. */
final class LocalLock {
    private static final Logger LOGGER = Logger.getLogger(LocalLock.class.getName());
    private static final String PROPERTY = LocalLock.class.getName() + " ";
    private static final String UNLOCKED =
            "Another Jenkins with the same home would not be noticed, because this file cannot be locked: ";

    /** Opens the file for reading and writing, and makes it if it is missing. */
    interface Opening {
        FileChannel open(Path file) throws IOException;
    }

    private LocalLock() {}

    /** As {@link Disk#lock}. */
    static Optional<Closeable> take(Path file, byte[] holder, Opening opening) throws IOException {
        // Seen by all class loaders. Besides, to close a file that this process has locked elsewhere would unlock it.
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        String name = PROPERTY + directory.toRealPath().resolve(file.getFileName());
        if (System.getProperties().putIfAbsent(name, "locked") != null) {
            return Optional.empty();
        }
        boolean taken = false;
        FileChannel channel = null;
        try {
            channel = openIfWritable(file, opening);
            if (channel != null && !locked(channel, file)) {
                return Optional.empty();
            }
            write(Disk.holderOf(file), holder);
            taken = true;
            return Optional.of(unlocking(name, channel));
        } finally {
            // After an Error too: or this process would be refused because of itself.
            if (!taken) {
                unlocking(name, channel).close();
            }
        }
    }

    /** Null if it cannot be written, so that it cannot be locked. What is there can be read, and tokens be revoked. */
    @CheckForNull
    private static FileChannel openIfWritable(Path file, Opening opening) throws IOException {
        try {
            return opening.open(file);
        } catch (IOException e) {
            // Another's file, in a directory where one may write nevertheless; or nothing can be written here.
            if (e instanceof AccessDeniedException || isReadOnly(file)) {
                LOGGER.log(Level.WARNING, e, () -> UNLOCKED + file);
                return null;
            }
            throw e;
        }
    }

    /** Not by what an error says, which is in any language. */
    private static boolean isReadOnly(Path file) {
        try (var read = FileChannel.open(file, StandardOpenOption.READ)) {
            return read.isOpen();
        } catch (IOException e) {
            try {
                return Files.getFileStore(
                                Objects.requireNonNull(file.toAbsolutePath().getParent()))
                        .isReadOnly();
            } catch (IOException unknown) {
                return false;
            }
        }
    }

    /** Not in the locked file: whoever reads that in this process unlocks it by closing it (POSIX). */
    private static void write(Path holderFile, byte[] holder) {
        try {
            Files.write(holderFile, holder);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Others will not see who has the lock: " + holderFile);
        }
    }

    private static boolean locked(FileChannel channel, Path file) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // Some network file systems know no locks. No build should go without a token for that.
            LOGGER.log(Level.WARNING, e, () -> UNLOCKED + file);
            return true;
        }
    }

    private static Closeable unlocking(String name, @CheckForNull FileChannel channel) {
        return () -> {
            System.clearProperty(name);
            if (channel != null) {
                channel.close();
            }
        };
    }
}
