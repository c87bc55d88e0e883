package io.jenkins.plugins.qwiet.lease;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The disk of this machine. Files can be read by their owner only, where the platform knows such a thing. */
class LocalDisk implements Disk {
    private static final Logger LOGGER = Logger.getLogger(LocalDisk.class.getName());
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<StandardOpenOption> LOCK_FILE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    /** By directory that was synced, or was to be: whether that can be. */
    private final Map<Path, Boolean> syncs = new ConcurrentHashMap<>();

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
    public boolean isDirectory(Path file) {
        return Files.isDirectory(file);
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
            force(channel, directory);
        }
    }

    private void force(FileChannel channel, Path directory) throws IOException {
        try {
            channel.force(true);
            syncs.put(directory, true);
        } catch (ClosedChannelException e) {
            throw e; // Interrupted: that says nothing of the disk.
        } catch (IOException e) {
            Boolean once = syncs.get(directory);
            if (once == null ? !syncsFilesAlone(directory) : once) {
                throw e;
            }
            if (once == null) {
                LOGGER.log(
                        Level.WARNING,
                        e,
                        () -> "This file system syncs no directories, which a power cut may show: " + directory);
                syncs.put(directory, false);
            }
        }
    }

    /**
     * Whether a file in a directory that was never synced can be synced, or cannot even be made: then that the directory
     * cannot is how the file system is, as some network file systems are. What the error says is in any language.
     */
    private static boolean syncsFilesAlone(Path directory) {
        Path probe;
        try {
            probe = Files.createTempFile(directory, "sync", ".tmp");
        } catch (NoSuchFileException | AccessDeniedException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
        try (var out = new FileOutputStream(probe.toFile())) {
            out.write('\n');
            out.getFD().sync();
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            try {
                Files.deleteIfExists(probe);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "Could not delete " + probe);
            }
        }
    }

    @Override
    public Optional<Stamp> stamp(Path file) throws IOException {
        try {
            var seen = Files.readAttributes(file, BasicFileAttributes.class);
            // Windows has no key, and lets nobody delete what is open.
            Object key = seen.fileKey() == null ? seen.creationTime() : seen.fileKey();
            return Optional.of(new Stamp(
                    key.toString(), seen.size(), seen.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Lock> lock(Path file, byte[] holder) throws IOException {
        return LocalLock.take(file, holder, this::openLock);
    }

    /** Another one in tests. */
    FileChannel openLock(Path file) throws IOException {
        return FileChannel.open(file, LOCK_FILE, attributes(FILE));
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
