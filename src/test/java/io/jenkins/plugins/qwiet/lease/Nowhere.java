package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that only counts what it should do. */
final class Nowhere implements Disk {
    private final AtomicInteger operations = new AtomicInteger();

    int operations() {
        return operations.get();
    }

    @Override
    public void createDirectories(Path directory) {
        operations.incrementAndGet();
    }

    @Override
    public List<Path> list(Path directory) {
        return List.of();
    }

    @Override
    public byte[] read(Path file) throws IOException {
        throw new NoSuchFileException(file.toString());
    }

    @Override
    public OpenFile create(Path file) {
        operations.incrementAndGet();
        return new OpenFile() {
            @Override
            public void append(byte[] bytes) {
                operations.incrementAndGet();
            }

            @Override
            public void sync() {
                operations.incrementAndGet();
            }

            @Override
            public void close() {
                operations.incrementAndGet();
            }
        };
    }

    @Override
    public void rename(Path from, Path to) {
        operations.incrementAndGet();
    }

    @Override
    public void delete(Path file) {
        operations.incrementAndGet();
    }

    @Override
    public void sync(Path directory) {
        operations.incrementAndGet();
    }

    @Override
    public Optional<Disk.Lock> lock(Path file, byte[] holder) {
        return Optional.of(() -> {});
    }

    @Override
    public String identity(Path file) {
        return file.toString();
    }
}
