package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.world.VirtualDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** A {@link LeaseStore} on a disk that is none. */
public final class StoreOfWorld {
    private StoreOfWorld() {}

    public static LeaseStore open(VirtualDisk.View disk, Clock clock) throws IOException {
        Path parent = Files.createTempDirectory(Path.of("/dev/shm"), "world");
        Path directory = Files.createDirectory(parent.resolve("leases"));
        try {
            for (String name : disk.list("")) {
                Files.write(directory.resolve(name), disk.read(name));
            }
            return LeaseStore.open(directory, clock, new Adapter(disk));
        } finally {
            delete(parent);
        }
    }

    private static void delete(Path place) throws IOException {
        try (var files = Files.walk(place)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static final class Adapter extends SyncedFiles {
        private final VirtualDisk.View disk;

        Adapter(VirtualDisk.View disk) {
            this.disk = disk;
        }

        @Override
        void write(Path file, byte[] content) throws IOException {
            String name = file.getFileName().toString();
            disk.delete(name);
            VirtualDisk.Handle open = disk.create(name);
            open.append(content);
            open.sync();
        }

        @Override
        void rename(Path from, Path to) throws IOException {
            disk.rename(from.getFileName().toString(), to.getFileName().toString());
        }

        @Override
        void sync(Path directory) throws IOException {
            disk.syncNames("");
        }

        @Override
        void delete(Path file) throws IOException {
            disk.delete(file.getFileName().toString());
        }
    }
}
