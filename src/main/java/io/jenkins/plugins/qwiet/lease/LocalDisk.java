package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The disk of this machine. Files can be read by their owner only, where the platform knows such a thing. */
class LocalDisk implements Disk {
    private static final Logger LOGGER = Logger.getLogger(LocalDisk.class.getName());
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final String LOCK_PROPERTY = LocalDisk.class.getName() + ".lock ";
    private static final Set<StandardOpenOption> LOCK_FILE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    // Of a directory: some network file systems say so.
    private static final Pattern NOT_KNOWN = Pattern.compile("Invalid argument|not supported|not implemented");
    private static final Pattern READ_ONLY = Pattern.compile("(?i)read-only|write.protected");
    private static final String UNLOCKED =
            "Another Jenkins with the same home would not be noticed, because this file cannot be locked: ";

    @Override
    public void createDirectories(Path directory) throws IOException {
        boolean existed = Files.isDirectory(directory);
        Files.createDirectories(directory, attributes(DIRECTORY));
        if (existed && POSIX) {
            makePrivate(directory);
        }
    }

    /** As far as it goes: a directory of a volume or a backup may be writable, and yet not ours. */
    private void makePrivate(Path directory) {
        try {
            if (!Files.getPosixFilePermissions(directory).equals(DIRECTORY)) {
                changePermissions(directory, DIRECTORY);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOGGER.log(Level.FINE, e, () -> "Its permissions stay as they are: " + directory);
        }
    }

    /** Another one in tests. */
    void changePermissions(Path directory, Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(directory, permissions);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        Files.createFile(file, attributes(FILE));
        // Not a channel: an interrupted thread would close it half-way.
        return new LocalFile(new FileOutputStream(file.toFile(), true));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void sync(Path directory) throws IOException {
        if (!POSIX) {
            return; // Windows cannot open a directory, and journals names by itself.
        }
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            if (!NOT_KNOWN.matcher(String.valueOf(e.getMessage())).find()) {
                throw e;
            }
        }
    }

    @Override
    public Optional<Closeable> lock(Path file, byte[] holder) throws IOException {
        // Seen by all class loaders. Besides, to close a file that this process has locked elsewhere would unlock it.
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        String name = LOCK_PROPERTY + directory.toRealPath().resolve(file.getFileName());
        if (System.getProperties().putIfAbsent(name, "locked") != null) {
            return Optional.empty();
        }
        FileChannel channel = null;
        try {
            channel = openLock(file);
            if (!locked(channel, file)) {
                channel.close();
                System.clearProperty(name);
                return Optional.empty();
            }
            write(Disk.holderOf(file), holder);
        } catch (AccessDeniedException e) {
            LOGGER.log(Level.WARNING, e, () -> UNLOCKED + file);
            // Another's file, in a directory where one may write nevertheless.
            write(Disk.holderOf(file), holder);
        } catch (IOException | RuntimeException e) {
            if (!isReadOnly(e)) {
                System.clearProperty(name);
                if (channel != null) {
                    channel.close();
                }
                throw e;
            }
            // What is there can be read, and tokens be revoked.
            LOGGER.log(Level.WARNING, e, () -> UNLOCKED + file);
        }
        return Optional.of(unlocking(name, channel));
    }

    private static boolean isReadOnly(Exception e) {
        return e instanceof FileSystemException problem
                && READ_ONLY.matcher(String.valueOf(problem.getReason())).find();
    }

    /** Another one in tests. */
    FileChannel openLock(Path file) throws IOException {
        return FileChannel.open(file, LOCK_FILE, attributes(FILE));
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

    @Override
    public String identity(Path directory) throws IOException {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
                ? String.valueOf(Files.getAttribute(directory, "unix:ino"))
                : Files.readAttributes(directory, BasicFileAttributes.class)
                        .creationTime()
                        .toString();
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private record LocalFile(FileOutputStream out) implements OpenFile {
        @Override
        public void append(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        @Override
        public void sync() throws IOException {
            out.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
