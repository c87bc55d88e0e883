package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder set-aside came with a backup, and is root's; or a scanner holds what is in it. */
class FolderThatTakesNothingTest extends HomeOfLeases {
    /** Of six tries to rename one file. */
    private static final long ONE_FILE = 10 + 20 + 40 + 80 + 160;

    private boolean refusing = true;
    private long paused;

    private final Disk disk = new Leases.UnlockedDisk() {
        @Override
        public void rename(Path from, Path to) throws IOException {
            if (refusing && to.getParent().endsWith("set-aside")) {
                throw new AccessDeniedException(to.toString());
            }
            super.rename(from, to);
        }

        @Override
        public void pause(long millis) {
            paused += millis;
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void isWaitedForOnceAtTheStartAndOnceWithEachLook(int damaged) throws Exception {
        Files.createDirectories(directory);
        for (int i = 1; i <= damaged; i++) {
            Files.writeString(directory.resolve("journal-0000000" + i + ".jsonl"), "no lease\n");
        }
        LeaseStore store = Leases.store(directory, clock, disk);
        for (int i = 0; i < 20; i++) {
            assertThat(store.put(Leases.live(i, "shop#" + i))).isCompleted();
        }
        assertThat(paused).as("ms that 20 promises waited").isEqualTo(ONE_FILE);
        store.mend().join();
        assertThat(paused).isEqualTo(2 * ONE_FILE);
        assertThat(store.setAside()).hasSize(damaged).allMatch(file -> file.startsWith(directory));

        refusing = false;
        store.mend().join();
        assertThat(store.setAside()).hasSize(damaged).allMatch(file -> file.startsWith(place.resolve("set-aside")));
    }
}
