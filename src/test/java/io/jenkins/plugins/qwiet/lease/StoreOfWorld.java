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

    private StoreOfWorld() {}

    /**
     * @param path where the home is, as Jenkins sees it
     * @param machine on which Jenkins runs
     */
    public static LeaseStore open(
            VirtualDisk.View disk, String path, String machine, Clock clock, Supplier<String> ids, Executor threads)
            throws IOException {
        var home = new Home(path, machine, "one instance");
        return LeaseStore.open(new LeaseStore.Parts(DIRECTORY, clock, home, ids, new DiskOfWorld(disk), threads));
    }

    /** Whether a lease ended, and is to be looked for once more. */
    public static boolean isEnded(LeaseStore store, String nonce) {
        return store.findEnded(nonce).isPresent();
    }
}
