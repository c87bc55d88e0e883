package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.world.VirtualDisk;
import io.jenkins.plugins.qwiet.world.VirtualFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk that is none, as leases see it. */
final class DiskOfWorld implements Disk {
    /** Above all that is on it. */
    static final Path ROOT = Path.of("").toAbsolutePath();

    private static final int PREFIX = ROOT.toString().length() + 1;

    private final VirtualDisk.View disk;

    DiskOfWorld(VirtualDisk.View disk) {
        this.disk = disk;
    }

    @Override
    public Optional<Stamp> stamp(Path file) throws IOException {
        long[] stamp = disk.stamp(text(file));
        return stamp == null ? Optional.empty() : Optional.of(new Stamp(String.valueOf(stamp[0]), stamp[1], 0));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        String path = text(directory);
        for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
            disk.createDirectory(path.substring(0, end));
        }
        disk.createDirectory(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(text(directory)).stream().map(ROOT::resolve).toList();
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return disk.read(text(file));
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        String name = text(file);
        VirtualFile open = disk.create(name);
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
                open.close();
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
    public Optional<Disk.Lock> lock(Path file, byte[] holder) throws IOException {
        Runnable unlock = disk.lock(text(file));
        if (unlock != null) {
            try {
                disk.write(text(Disk.holderOf(file)), holder);
            } catch (IOException e) {
                // As on a disk of this machine: others will not see who has it.
                return Optional.of(unlock::run);
            }
        }
        return Optional.ofNullable(unlock).map(each -> each::run);
    }

    @Override
    public String identity(Path directory) throws IOException {
        return disk.identity(text(directory));
    }

    private static String text(Path path) {
        String text = path.toString();
        return text.length() > PREFIX ? text.substring(PREFIX).replace('\\', '/') : "";
    }
}
