package io.jenkins.plugins.qwiet.lease;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The few things that a {@link LeaseStore} changes on disk; tests override them to let disks fill up and machines stop.
 * Files can be read by their owner only, where the platform knows such a thing.
 */
class SyncedFiles {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** Makes a directory and those above it, where they are missing. */
    static void createDirectories(Path directory) throws IOException {
        boolean existed = Files.isDirectory(directory);
        Files.createDirectories(directory, attributes(DIRECTORY));
        if (existed && POSIX) {
            Files.setPosixFilePermissions(directory, DIRECTORY);
        }
    }

    /** Writes a file, anew, and returns when its content is on the disk. */
    void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, attributes(FILE));
        // Not a channel: an interrupted thread would close it half-way.
        try (var out = new FileOutputStream(file.toFile())) {
            out.write(content);
            sync(out.getFD());
        }
    }

    /** Returns when what was written to an open file is on the disk. */
    void sync(FileDescriptor file) throws IOException {
        file.sync();
    }

    /** Gives a file another name at one stroke, in place of what had that name. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns when the names in a directory are on the disk. */
    void sync(Path directory) throws IOException {
        if (!POSIX) {
            return; // Windows cannot open a directory, and journals a rename by itself.
        }
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
