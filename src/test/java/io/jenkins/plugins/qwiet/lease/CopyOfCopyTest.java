package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    /** One of the two still runs; what is decided of the other must not touch its tokens. */
    @Test
    void aPersonDecidesAboutEachOriginal() throws Exception {
        at("/a").put(FIRST).join();
        at("/b").put(SECOND).join();
        LeaseStore copy = at("/c");
        copy.others().takeOver(List.of(ownerOf(copy, "/b"))).join();
        for (LeaseStore each : new LeaseStore[] {copy, at("/c")}) {
            assertThat(each.leases()).containsExactly(SECOND);
            assertThat(each.resting()).extracting(RestingLease::lease).containsExactly(FIRST);
        }
        LeaseStore again = at("/c");
        again.others().forget(List.of(ownerOf(again, "/a"))).join();
        for (LeaseStore each : new LeaseStore[] {again, at("/c")}) {
            assertThat(each.leases()).containsExactly(SECOND);
            assertThat(each.resting()).isEmpty();
            assertThat(each.others().left()).extracting(RestingLease::lease).containsExactly(FIRST);
        }
    }

    private static String ownerOf(LeaseStore store, String path) {
        return store.resting().stream()
                .filter(each -> each.writtenIn().path().equals(path))
                .findFirst()
                .orElseThrow()
                .owner();
    }

    /** Each lease is decided about or rests, and no other decision was made about it. */
    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void aDecisionThatIsInterruptedAtAnyOperationIsMadeOrNot(FaultyDisk.Fault fault) throws Exception {
        int operations = 1;
        // Counts on: where power goes, none follows.
        for (int at = 1; at <= operations; at++) {
            for (boolean takeOver : new boolean[] {true, false}) {
                directory = place.resolve(fault + "-" + at + "-" + takeOver);
                at("/a").put(FIRST).join();
                at("/a").put(SECOND).join();
                at("/c");
                var disk = new FaultyDisk(new Machine(), at, fault);
                try {
                    LeaseStore store = Leases.store(
                            directory, clock, disk, new Home("/c", "one machine", "one instance"), Runnable::run);
                    (takeOver ? store.takeOverResting() : store.forgetResting())
                            .handle((ok, e) -> null)
                            .join();
                    if (!fault.isStop()) {
                        assertThat(store.resting())
                                .as("what a person said holds")
                                .isEmpty();
                        disk.mend();
                        store.mend().join();
                        assertThat(at("/c").resting())
                                .as("written when it can be")
                                .isEmpty();
                    }
                } catch (Machine.Stopped e) {
                    assertThat(fault.isStop()).isTrue();
                }
                operations = disk.operations() < at ? operations : Math.max(operations, at + 1);
                LeaseStore after = at("/c");
                List<Lease> decided = takeOver
                        ? after.leases()
                        : after.others().left().stream()
                                .map(RestingLease::lease)
                                .toList();
                assertThat(Stream.concat(
                                decided.stream(), after.resting().stream().map(RestingLease::lease)))
                        .as("%s at %d", fault, at)
                        .containsExactlyInAnyOrder(FIRST, SECOND);
            }
        }
        assertThat(operations).isGreaterThan(5);
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
