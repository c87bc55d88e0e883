package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real directory for leases, on a disk whose lock keeps nobody apart. */
abstract class HomeOfLeases {
    final FakeClock clock = new FakeClock(Leases.TEN);

    @TempDir
    Path place;

    Path directory;

    @BeforeEach
    final void names() {
        directory = place.resolve("leases");
    }

    /** A file system without locks; or one whose lock was let go of by a plugin for backups. */
    static class NoLocks extends Leases.UnlockedDisk {
        @Override
        public Optional<Disk.Lock> lock(Path file, byte[] holder) {
            write(Disk.holderOf(file), holder);
            return Optional.of(() -> {});
        }
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A second later than the one before. */
    final LeaseStore open() throws IOException {
        clock.advance(Duration.ofSeconds(1));
        return Leases.store(directory, clock, new NoLocks());
    }

    final List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("journal-"))
                    .toList();
        }
    }

    final void deleteJournals() throws IOException {
        for (Path file : journals()) {
            Files.delete(file);
        }
    }

    /** What is in the journal, if there is one alone. */
    final byte[] journal() throws IOException {
        return Files.readAllBytes(journals().get(0));
    }
}
