package io.jenkins.plugins.qwiet.lease;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A disk in memory that keeps only what was synced when the power goes. */
class DiskWithHooks implements Disk {
    static final class Inode {
        final long number;
        byte[] seen = {};
        byte[] stable = {};

        Inode(long number) {
            this.number = number;
        }
    }

    final Map<Path, Inode> names = new TreeMap<>();
    final Map<Path, Inode> stableNames = new TreeMap<>();
    long inodes = 100;
    /**
     * Fails an operation by throwing: its name is create, append, sync, syncDir, rename, delete, list, read,
     * stamp.
     */
    Hook hook = (op, file) -> {};

    interface Hook {
        void before(String operation, Path file) throws IOException;
    }

    /** The power is gone: unsynced bytes and names are lost. */
    synchronized void losePower() {
        names.clear();
        names.putAll(stableNames);
        names.values().forEach(inode -> inode.seen = inode.stable.clone());
    }

    synchronized DiskWithHooks copy() {
        var copy = new DiskWithHooks();
        names.forEach((path, inode) -> {
            var same = new Inode(inode.number);
            same.seen = inode.seen.clone();
            same.stable = inode.seen.clone();
            copy.names.put(path, same);
            copy.stableNames.put(path, same);
        });
        copy.inodes = inodes + 1000;
        return copy;
    }

    synchronized List<Path> journals() {
        return names.keySet().stream()
                .filter(p -> p.getFileName().toString().startsWith("journal-"))
                .toList();
    }

    synchronized byte[] bytes(Path file) {
        return names.get(file).seen.clone();
    }

    synchronized void bytes(Path file, byte[] bytes) {
        names.get(file).seen = bytes.clone();
        names.get(file).stable = bytes.clone();
    }

    synchronized long size() {
        return names.values().stream().mapToLong(inode -> inode.seen.length).sum();
    }

    @Override
    public void createDirectories(Path directory) {}

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        hook.before("list", directory);
        return names.keySet().stream()
                .filter(p -> directory.equals(p.getParent()))
                .toList();
    }

    @Override
    public synchronized byte[] read(Path file) throws IOException {
        hook.before("read", file);
        if (!names.containsKey(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return names.get(file).seen.clone();
    }

    @Override
    public synchronized Optional<Stamp> stamp(Path file) throws IOException {
        hook.before("stamp", file);
        return Optional.ofNullable(names.get(file))
                .map(inode -> new Stamp("inode " + inode.number, inode.seen.length, 0));
    }

    @Override
    public synchronized OpenFile create(Path file) throws IOException {
        hook.before("create", file);
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        var inode = new Inode(inodes++);
        names.put(file, inode);
        return new OpenFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                synchronized (DiskWithHooks.this) {
                    hook.before("append", file);
                    var all = new ByteArrayOutputStream();
                    all.writeBytes(inode.seen);
                    all.writeBytes(bytes);
                    inode.seen = all.toByteArray();
                }
            }

            @Override
            public void sync() throws IOException {
                synchronized (DiskWithHooks.this) {
                    hook.before("sync", file);
                    inode.stable = inode.seen.clone();
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        hook.before("rename", to);
        if (!names.containsKey(from)) {
            throw new NoSuchFileException(from.toString());
        }
        names.put(to, names.remove(from));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        hook.before("delete", file);
        names.remove(file);
    }

    @Override
    public synchronized void sync(Path directory) throws IOException {
        hook.before("syncDir", directory);
        stableNames.keySet().removeIf(p -> directory.equals(p.getParent()));
        names.forEach((path, inode) -> {
            if (directory.equals(path.getParent())) {
                stableNames.put(path, inode);
            }
        });
    }

    @Override
    public Optional<Disk.Lock> lock(Path file, byte[] holder) {
        return Optional.of(() -> {});
    }

    /** The damage that is tried is none to where the files are. */
    @Override
    public String identity(Path directory) {
        return "the directory";
    }
}
