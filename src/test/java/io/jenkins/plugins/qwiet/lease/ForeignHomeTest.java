package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home on a volume that can be read and no more, or with files of somebody else. */
class ForeignHomeTest extends BehindABox {
    private static final Home HOME = new Home("/home", "one machine", "one instance");

    /** Mounted read-only, as Linux does after an error. */
    private static class ReadOnly extends LocalDisk {
        private static FileSystemException problem(Path file) {
            return new FileSystemException(file.toString(), null, "Read-only file system");
        }

        @Override
        FileChannel openLock(Path file) throws IOException {
            throw problem(file);
        }

        @Override
        public OpenFile create(Path file) throws IOException {
            throw problem(file);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            throw problem(from);
        }

        @Override
        public void delete(Path file) throws IOException {
            throw problem(file);
        }

        @Override
        public void sync(Path directory) throws IOException {
            throw problem(directory);
        }
    }

    private static final class AnothersLock extends LocalDisk {
        @Override
        FileChannel openLock(Path file) throws IOException {
            throw new AccessDeniedException(file.toString());
        }
    }

    private LeaseStore start(Disk disk) throws IOException {
        LeaseStore store = Leases.store(directory.resolve("leases"), world.clock, disk, HOME, Runnable::run);
        world.store = store;
        world.leasing = new Leasing(store, world.clock, world.nanos::get, Leases.nonces());
        world.janitor =
                new Janitor(world.leasing, l -> Optional.of(world.client()), l -> world.buildRuns, world.clock, 4);
        return store;
    }

    @Test
    void whatIsReadOnDiskIsRevokedThoughNothingCanBeWritten() throws Exception {
        LeaseStore before = start(new LocalDisk());
        world.mint("shop#1");
        before.close().join();
        LeaseStore store = start(new ReadOnly());
        assertThat(store.leases()).hasSize(1);
        world.buildRuns = false;
        world.sweep(3);
        assertThat(world.tokens).isEmpty();
        assertThat(store.trouble()).isPresent().get().asString().contains("Read-only");
        assertThat(store.otherProcess()).isEmpty();
        store.close().join();
    }

    @Test
    void nothingIsMintedWhereNothingCanBeWritten() throws Exception {
        start(new LocalDisk()).close().join();
        LeaseStore store = start(new ReadOnly());
        assertThat(world.mint()).isInstanceOf(MintResult.NotRecorded.class);
        assertThat(world.tokens).isEmpty();
        store.close().join();
    }

    /** It cannot be locked, but what happens beside it can be seen. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondProcessIsSeenThoughTheLockIsAnothers(boolean firstStart) throws Exception {
        if (!firstStart) {
            start(new LocalDisk()).close().join();
        }
        LeaseStore store = start(new AnothersLock());
        LocalDisk disk = new LocalDisk();
        Path holder = Disk.holderOf(directory.resolve("leases").resolve("lock"));
        disk.delete(holder);
        try (Disk.OpenFile file = disk.create(holder)) {
            file.append("process 7 on another machine".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        world.pass(Duration.ofMinutes(1));
        store.mend().join();
        assertThat(store.otherProcess()).isPresent().get().asString().contains("process 7");
        store.close().join();
    }
}
