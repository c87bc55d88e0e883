package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Executor;

/** A disk that does not wait for its platters: all that a lease costs, but for the sync, which is the machine's affair. */
public final class UnsyncedDisk extends LocalDisk {
    public static final Home HOME = new Home("bench", "", "");

    private UnsyncedDisk() {}

    /** A store on such a disk. */
    public static LeaseStore store(Path directory, Clock clock, Executor files) throws IOException {
        return LeaseStore.open(new LeaseStore.Parts(
                directory, clock, HOME, () -> UUID.randomUUID().toString(), new UnsyncedDisk(), files));
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
                // See the class.
            }

            @Override
            public void close() throws IOException {
                synced.close();
            }
        };
    }

    @Override
    public void sync(Path directory) {
        // See the class.
    }
}
