package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a disk could not lock while Jenkins started, it locks as soon as it can. */
class LockTakenLaterTest extends HomeOfLeases {
    private final FileSystemException stale = new FileSystemException("lock", null, "Stale file handle");

    /** Refuses to open the file so often. */
    private static final class Unwell extends LocalDisk {
        private final IOException trouble;
        private int times;

        Unwell(IOException trouble, int times) {
            this.trouble = trouble;
            this.times = times;
        }

        @Override
        FileChannel openLock(Path file) throws IOException {
            if (times-- > 0) {
                throw trouble;
            }
            return super.openLock(file);
        }
    }

    private FileChannel channel() throws IOException {
        return FileChannel.open(directory.resolve("lock"), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private boolean isLocked() throws IOException {
        try (var channel = channel()) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Stale file handle", "Too many open files", "Input/output error", "Read-only file system"})
    void anErrorOfTheStartDoesNotLast(String trouble) throws Exception {
        Leases.store(directory, clock, new LocalDisk()).close().join();
        var disk = new Unwell(new FileSystemException("lock", null, trouble), 3);
        LeaseStore store = Leases.store(directory, clock, disk);
        store.put(Leases.live(1, "shop#1")).join();
        store.mend().join();
        assertThat(isLocked()).as("not yet").isFalse();
        store.mend().join();
        assertThat(isLocked()).as("not yet").isFalse();
        store.mend().join();
        assertThat(isLocked()).as("a second process is refused").isTrue();
        assertThat(store.otherProcess()).isEmpty();
        store.close().join();
        assertThat(isLocked()).isFalse();
    }

    @Test
    void whatAnotherProcessLockedMeanwhileIsLockedWhenThatHasEnded() throws Exception {
        Leases.store(directory, clock, new LocalDisk()).close().join();
        LeaseStore store = Leases.store(directory, clock, new Unwell(stale, 1));
        try (var another = channel()) {
            assertThat(another.lock().isValid()).isTrue();
            write(directory.resolve("lock-holder"), "process 7".getBytes());
            store.mend().join();
            assertThat(store.otherProcess()).hasValue("process 7");
        }
        assertThat(isLocked()).isFalse();
        store.mend().join();
        assertThat(isLocked()).isTrue();
        store.close().join();
    }

    /** Or a store that was closed would lock out the next one. */
    @Test
    void nothingIsLockedAfterTheStoreWasClosed() throws Exception {
        Leases.store(directory, clock, new LocalDisk()).close().join();
        LeaseStore store = Leases.store(directory, clock, new Unwell(stale, 1));
        store.close().join();
        store.mend().join();
        assertThat(isLocked()).isFalse();
        LeaseStore next = Leases.store(directory, clock, new LocalDisk());
        assertThat(isLocked()).isTrue();
        next.close().join();
    }
}
