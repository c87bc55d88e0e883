package io.jenkins.plugins.qwiet.lease;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk that only counts what it should do. */
final class Nowhere extends SyncedFiles {
    private final AtomicInteger operations = new AtomicInteger();

    int operations() {
        return operations.get();
    }

    @Override
    void write(Path file, byte[] content) {
        operations.incrementAndGet();
    }

    @Override
    void rename(Path from, Path to) {
        operations.incrementAndGet();
    }

    @Override
    void sync(Path directory) {
        operations.incrementAndGet();
    }

    @Override
    void delete(Path file) {
        operations.incrementAndGet();
    }
}
