package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.world.VirtualDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk that is none, as leases see it. */
final class DiskOfWorld implements Disk {
    private final VirtualDisk.View disk;

    DiskOfWorld(VirtualDisk.View disk) {
        this.disk = disk;
    }

    @Override
    public void createDirectories(Path directory) {
        // They are always there.
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(text(directory)).stream().map(Path::of).toList();
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return disk.read(text(file));
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        String name = text(file);
        VirtualDisk.Handle open = disk.create(name);
        return new OpenFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                open.append(bytes);
            }

            @Override
            public void sync() throws IOException {
                open.sync();
            }

            @Override
            public void close() {
                // Nothing is lost by that.
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(text(from), text(to));
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(text(file));
    }

    @Override
    public void sync(Path directory) throws IOException {
        disk.syncNames(text(directory));
    }

    @Override
    public Optional<Closeable> lock(Path file, byte[] holder) throws IOException {
        String name = text(file);
        return disk.lock(name, holder) ? Optional.of(() -> disk.unlock(name)) : Optional.empty();
    }

    @Override
    public String identity(Path directory) {
        return text(directory);
    }

    private static String text(Path path) {
        return path.toString().replace('\\', '/');
    }
}
