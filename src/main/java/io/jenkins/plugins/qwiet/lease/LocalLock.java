package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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

/** A file of this machine that is locked for this process, as far as its file system can do that. Used by one thread at a time. */
final class LocalLock implements Disk.Lock {
    private static final Logger LOGGER = Logger.getLogger(LocalLock.class.getName());
    private static final String PROPERTY = LocalLock.class.getName() + " ";
    private static final String UNLOCKED =
            "Another Jenkins with the same home would not be refused, because this file cannot be locked now; that is tried"
                    + " again with each cleanup: ";

    /** Opens the file for reading and writing, and makes it if it is missing. */
    interface Opening {
        FileChannel open(Path file) throws IOException;
    }

    private enum Outcome {
        LOCKED,
        /** Of another process. */
        REFUSED,
        /** An error of the file system, for a moment or for ever. */
        FAILED
    }

    private final Path file;
    private final Opening opening;
    private final String name;
    /** Null if the file could not be opened. */
    private FileChannel channel;

    private boolean locked;
    private boolean closed;

    private LocalLock(Path file, Opening opening, String name) {
        this.file = file;
        this.opening = opening;
        this.name = name;
    }

    /** As {@link Disk#lock}. */
    static Optional<Disk.Lock> take(Path file, byte[] holder, Opening opening) throws IOException {
        // Seen by all class loaders. Besides, to close a file that this process has locked elsewhere would unlock it.
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        String name = PROPERTY + directory.toRealPath().resolve(file.getFileName());
        if (System.getProperties().putIfAbsent(name, "locked") != null) {
            return Optional.empty();
        }
        var lock = new LocalLock(file, opening, name);
        boolean taken = false;
        try {
            if (lock.tryLock(Level.WARNING) == Outcome.REFUSED) {
                return Optional.empty();
            }
            write(Disk.holderOf(file), holder);
            taken = true;
            return Optional.of(lock);
        } finally {
            // After an Error too: or this process would be refused because of itself.
            if (!taken) {
                lock.close();
            }
        }
    }

    /** Who holds it meanwhile is seen by the name beside the file, which this does not change. */
    @Override
    public void retry() {
        if (locked || closed) {
            return;
        }
        try {
            if (tryLock(Level.FINE) == Outcome.LOCKED) {
                LOGGER.log(Level.INFO, "It could not be locked before, and is locked now: {0}", file);
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> UNLOCKED + file);
        }
    }

    /** @param told how loudly it is said that it cannot be locked */
    private Outcome tryLock(Level told) throws IOException {
        if (channel == null) {
            channel = openIfWritable(told);
        }
        if (channel == null) {
            return Outcome.FAILED;
        }
        try {
            locked = channel.tryLock() != null;
            return locked ? Outcome.LOCKED : Outcome.REFUSED;
        } catch (OverlappingFileLockException e) {
            return Outcome.REFUSED;
        } catch (IOException e) {
            // Some network file systems know no locks, or not now. No build should go without a token for that.
            LOGGER.log(told, e, () -> UNLOCKED + file);
            forgetChannel();
            return Outcome.FAILED;
        }
    }

    /** One that went stale stays so. */
    private void forgetChannel() {
        try {
            closeChannel();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Could not close " + file);
        }
    }

    /** Null if it cannot be written, so that it cannot be locked. What is there can be read, and tokens be revoked. */
    @CheckForNull
    private FileChannel openIfWritable(Level told) throws IOException {
        try {
            return opening.open(file);
        } catch (IOException e) {
            // Another's file, in a directory where one may write nevertheless; or nothing can be written here, or just
            // now.
            if (e instanceof AccessDeniedException || isReadOnly(file)) {
                LOGGER.log(told, e, () -> UNLOCKED + file);
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

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            System.clearProperty(name);
            closeChannel();
        }
    }

    private void closeChannel() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
