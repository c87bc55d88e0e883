package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A disk that does not wait for its platters, or as long as it is told to: all that a lease costs, but for the sync, which is
 * the machine's affair.
 */
public final class UnsyncedDisk extends LocalDisk {
    public static final Home HOME = new Home("bench", "", "");

    private final long millis;
    private final AtomicInteger syncs;

    private UnsyncedDisk(long millis, AtomicInteger syncs) {
        this.millis = millis;
        this.syncs = syncs;
    }

    /** A store on such a disk. */
    public static LeaseStore store(Path directory, Clock clock, Executor files) throws IOException {
        return store(directory, clock, files, 0, new AtomicInteger());
    }

    /**
     * A store on a disk that is far away.
     *
     * @param millis that each sync takes, of a file or of a directory
     * @param syncs counts them
     */
    public static LeaseStore store(Path directory, Clock clock, Executor files, long millis, AtomicInteger syncs)
            throws IOException {
        return LeaseStore.open(new LeaseStore.Parts(
                directory, clock, HOME, () -> UUID.randomUUID().toString(), new UnsyncedDisk(millis, syncs), files));
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        OpenFile synced = super.create(file);
        return new OpenFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                synced.append(bytes);
            }

            @Override
            public void sync() {
                pause();
            }

            @Override
            public void close() throws IOException {
                synced.close();
            }
        };
    }

    @Override
    public void sync(Path directory) {
        pause();
    }

    private void pause() {
        syncs.incrementAndGet();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
