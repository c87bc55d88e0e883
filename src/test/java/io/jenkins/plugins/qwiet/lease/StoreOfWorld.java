package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.world.VirtualDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A {@link LeaseStore} on a disk that is none. */
public final class StoreOfWorld {
    private static final Path DIRECTORY = Path.of("qwiet-ci-token", "leases");
    private static final Home HOME = new Home("/var/jenkins_home", "one machine", "one instance");

    private StoreOfWorld() {}

    public static LeaseStore open(VirtualDisk.View disk, Clock clock, Supplier<String> ids, Executor threads)
            throws IOException {
        return LeaseStore.open(new LeaseStore.Parts(DIRECTORY, clock, HOME, ids, new DiskOfWorld(disk), threads));
    }
}
