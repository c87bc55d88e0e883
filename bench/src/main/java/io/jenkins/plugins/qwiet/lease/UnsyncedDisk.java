package io.jenkins.plugins.qwiet.lease;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** A disk that does not wait for its platters: all that a lease costs, but for the sync, which is the machine's affair. */
public final class UnsyncedDisk extends SyncedFiles {
    private UnsyncedDisk() {}

    /** A store on such a disk. */
    public static LeaseStore store(Path directory, Clock clock) throws IOException {
        return LeaseStore.open(directory, clock, new UnsyncedDisk());
    }

    @Override
    void sync(FileDescriptor file) {
        // See the class.
    }

    @Override
    void sync(Path directory) {
        // See the class.
    }
}
