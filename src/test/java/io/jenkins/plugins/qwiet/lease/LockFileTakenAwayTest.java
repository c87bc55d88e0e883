package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody clears the folder of leases up while Jenkins locks it. */
class LockFileTakenAwayTest {
    @TempDir
    Path directory;

    private int locked;

    private final Disk disk = new LocalDisk() {
        @Override
        public Optional<Disk.Lock> lock(Path file, byte[] holder) throws IOException {
            Optional<Disk.Lock> lock = super.lock(file, holder);
            locked++;
            if (locked % 2 == 1) {
                Files.delete(file);
            }
            return lock;
        }
    };

    /** Or another process would lock the next file of that name, and each would think that it is alone. */
    @Test
    void whatIsDeletedRightAfterItWasLockedIsLockedAgain() throws Exception {
        LeaseStore store = Leases.store(directory, Clock.systemUTC(), disk, Runnable::run);
        assertThat(directory.resolve("lock")).exists();
        Files.delete(directory.resolve("lock"));
        store.mend().join();
        assertThat(directory.resolve("lock")).exists();
        store.mend().join();
        assertThat(locked).as("each time once more, and not without a reason").isEqualTo(4);
        store.close().join();
    }

    /** It was there when that was looked at, and is not when it is looked at again. */
    @Test
    void whatIsDeletedAfterItWasSeenIsLockedAgain() throws Exception {
        Path lock = directory.resolve("lock");
        var disk = new LocalDisk() {
            private boolean isLocked;
            private int deletions;

            @Override
            public Optional<Disk.Lock> lock(Path file, byte[] holder) throws IOException {
                isLocked = true;
                return super.lock(file, holder);
            }

            @Override
            public Optional<Disk.Stamp> stamp(Path file) throws IOException {
                Optional<Disk.Stamp> stamp = super.stamp(file);
                if (isLocked && deletions == 0 && file.equals(lock) && stamp.isPresent()) {
                    deletions++;
                    Files.delete(file);
                }
                return stamp;
            }
        };
        LeaseStore store = Leases.store(directory, Clock.systemUTC(), disk, Runnable::run);
        assertThat(lock).doesNotExist();
        for (int i = 0; i < 3; i++) {
            store.mend().join();
            assertThat(lock).exists();
            Files.delete(lock);
        }
        store.close().join();
    }
}
