package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk takes the first of the two marks of a new home and refuses the second for a while, as it is full. */
class HalfWrittenMarkTest extends HomeOfLeases {
    private LeaseStore firstStart(int refusals) throws IOException {
        var left = new int[] {refusals};
        LeaseStore store = Leases.store(directory, clock, new Leases.UnlockedDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (to.endsWith("owner-again.json") && left[0]-- > 0) {
                    throw new IOException("No space left on device");
                }
                super.rename(from, to);
            }
        });
        int number = 0;
        while (store.put(Leases.live(++number, "shop#" + number)).isCompletedExceptionally()) {
            assertThat(number).isLessThan(10);
        }
        return store;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void isWholeBeforeTheFirstPromiseAndAccusesNobody(int refusals) throws Exception {
        LeaseStore store = firstStart(refusals);
        assertThat(directory.resolve("owner-again.json")).hasSameBinaryContentAs(directory.resolve("owner.json"));
        store.mend().join();
        assertThat(store.disturbedAt()).isEmpty();
    }

    /** Inodes that change with each mount are no sign, as no later start sees the same. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void isNoLaterStartThatHasSeenTheSame(int refusals) throws Exception {
        firstStart(refusals).close().join();
        LeaseStore mountedAnew = Leases.store(directory, clock, new Leases.UnlockedDisk() {
            @Override
            public String identity(Path any) {
                return "another inode";
            }
        });
        assertThat(mountedAnew.resting()).isEmpty();
        assertThat(mountedAnew.leases()).isNotEmpty();
    }

    /** While a start that comes later is one. */
    @Test
    void isSeenAgainByALaterStart() throws Exception {
        firstStart(1).close().join();
        LeaseStore later = Leases.store(directory, clock);
        later.put(Leases.live(20, "shop#20")).join();
        assertThat(Files.readString(directory.resolve("owner.json"))).contains("\"directoryIsSteady\":\"YES\"");
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** A later start, which writes that it has seen the same, is killed between the two; then nobody touches a file. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void isPutRightWithoutAWordByTheStartAfterAKill(int startsBefore) throws Exception {
        for (int i = 0; i < startsBefore; i++) {
            LeaseStore store = open();
            store.put(Leases.live(i, "shop#" + i)).join();
            store.close().join();
        }
        LeaseStore killed = Leases.store(directory, clock, new Leases.UnlockedDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                if (to.endsWith("owner-again.json")) {
                    throw new Killed();
                }
                super.rename(from, to);
            }
        });
        try {
            killed.put(Leases.live(10, "shop#10"));
        } catch (Killed e) {
            // The process is gone.
        }
        LeaseStore after = open();
        after.put(Leases.live(11, "shop#11")).join();
        after.mend().join();
        assertThat(after.disturbedAt()).isEmpty();
        assertThat(after.resting()).isEmpty();
        assertThat(directory.resolve("owner-again.json")).hasSameBinaryContentAs(directory.resolve("owner.json"));
    }
}
