package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody deletes the folder of this plugin, and then the power goes. */
class FolderMadeAgainTest {
    @TempDir
    Path home;

    private final List<Path> synced = new CopyOnWriteArrayList<>();

    private final Disk disk = new LocalDisk() {
        @Override
        public void sync(Path directory) throws IOException {
            super.sync(directory);
            synced.add(directory);
        }
    };

    /** A new folder whose name is not synced is gone with all that was promised in it. */
    @Test
    void theNamesThatLeadToANewFolderAreSynced() throws Exception {
        Path plugins = home.resolve("qwiet-ci-token");
        Path leases = Files.createDirectories(plugins.resolve("leases"));
        LeaseStore store = Leases.store(leases, Clock.systemUTC(), disk, Runnable::run);
        store.put(Leases.live(1, "shop#1")).join();
        assertThat(synced).contains(home, plugins);
        synced.clear();
        store.put(Leases.live(2, "shop#2")).join();
        assertThat(synced).as("once is enough").doesNotContain(home, plugins);

        try (var all = Files.walk(plugins)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        store.mend().join();
        store.put(Leases.live(3, "shop#3")).join();
        assertThat(synced).contains(home, plugins, leases);
        store.close().join();
    }
}
