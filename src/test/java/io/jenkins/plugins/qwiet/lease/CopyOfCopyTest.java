package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home of which there were several: what is said of its leases is true of the place where it is said. */
class CopyOfCopyTest extends HomeOfLeases {
    private static final Lease FIRST = Leases.live(1, "shop#1");
    private static final Lease SECOND = Leases.live(2, "shop#2");

    private LeaseStore at(String path) throws IOException {
        LeaseStore store = Leases.store(
                directory, clock, new NoLocks(), new Home(path, "one machine", "one instance"), Runnable::run);
        store.mend().join();
        return store;
    }

    @Test
    void eachLeaseIsOfWhereItWasWrittenAndNotHere() throws Exception {
        at("/a").put(FIRST).join();
        at("/b").put(SECOND).join();
        LeaseStore copy = at("/c");
        assertThat(copy.leases()).isEmpty();
        assertThat(copy.resting())
                .hasSize(2)
                .allSatisfy(resting -> assertThat(resting.why())
                        .isEqualTo("they were written at " + resting.writtenIn().path() + ", and this is /c"))
                .extracting(resting -> resting.writtenIn().path())
                .containsExactlyInAnyOrder("/a", "/b");
    }

    /** As when a rehearsal is put in the place of the original. */
    @Test
    void whatCameBackToItsPlaceIsNotSaidToBeOfAnother() throws Exception {
        at("/a").put(FIRST).join();
        at("/b");
        LeaseStore back = at("/a");
        assertThat(back.resting())
                .singleElement()
                .satisfies(resting ->
                        assertThat(resting.why()).doesNotContain("this is /b").contains("they were written here"));
    }

    /** What is known of a machine once is not another machine because a part of it cannot be read at one start. */
    @ParameterizedTest
    @ValueSource(strings = {"ci", "ci 4f1e", ""})
    void aMachineWhoseIdIsMissingAtOneStartIsTheSame(String machine) throws Exception {
        for (String each : new String[] {"ci 4f1e", machine, "ci 4f1e"}) {
            LeaseStore store = Leases.store(directory, clock, new NoLocks(), new Home("/a", each, ""), Runnable::run);
            store.mend().join();
            assertThat(store.resting()).isEmpty();
            store.put(FIRST).join();
        }
        assertThat(Leases.store(directory, clock, new NoLocks(), new Home("/a", "ci 77aa", ""), Runnable::run)
                        .resting())
                .as("another id is another machine")
                .hasSize(1);
    }
}
