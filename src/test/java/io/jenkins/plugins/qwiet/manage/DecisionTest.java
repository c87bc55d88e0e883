package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.lease.Home;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an administrator is told of a decision is true, whatever the disk and others do. */
class DecisionTest {
    @TempDir
    Path place;

    private Path directory;

    @BeforeEach
    void aLeaseOfEachOfTwoOriginals() throws IOException {
        directory = place.resolve("leases");
        for (String path : new String[] {"/a", "/b"}) {
            LeaseStore store = open(path);
            store.put(someLease(path.equals("/a") ? 1 : 2)).join();
            store.close().join();
        }
    }

    private static Lease someLease(int number) {
        return SomeLeases.released(number, "scan", "shop#" + number, SomeLeases.nowhere());
    }

    private LeaseStore open(String path) throws IOException {
        return LeaseStore.open(directory, Clock.systemUTC(), new Home(path, "", ""), Runnable::run);
    }

    private static String ownerOf(LeaseStore store, String path) {
        return store.resting().stream()
                .filter(each -> each.writtenIn().path().equals(path))
                .findFirst()
                .map(RestingLease::owner)
                .orElseThrow();
    }

    @Test
    void isAboutOneOwnerOrAll() throws IOException {
        LeaseStore store = open("/c");
        String a = ownerOf(store, "/a");
        assertThat(Decision.FORGET.make(store.others(), a).text()).contains("another Jenkins: 1.");
        assertThat(store.resting()).hasSize(1);
        assertThat(Decision.REMEMBER.make(store.others(), a).text()).contains("rest again: 1.");
        assertThat(RestingGroup.of(store.resting()))
                .extracting(RestingGroup::where)
                .containsExactlyInAnyOrder("/a", "/b");
        Notice taken = Decision.TAKE_OVER.make(store.others(), null);
        assertThat(taken.text()).contains("taken over: 2.");
        assertThat(taken.good()).isTrue();
        assertThat(store.leases()).hasSize(2);
        store.close().join();
    }

    /** Two administrators with the same page, and the second one is late. */
    @ParameterizedTest
    @EnumSource(Decision.class)
    void saysThatNothingWasDoneWhereSomebodyElseDecided(Decision late) throws IOException {
        LeaseStore store = open("/c");
        String a = ownerOf(store, "/a");
        Decision.TAKE_OVER.make(store.others(), a);
        Notice notice = late.make(store.others(), a);
        assertThat(notice.good()).isFalse();
        assertThat(notice.text()).startsWith("Nothing was done");
        assertThat(store.leases()).hasSize(1);
        assertThat(store.resting()).hasSize(1);
        store.close().join();
    }

    @Test
    void saysThatTheDiskHasNotTakenIt() throws IOException {
        LeaseStore store = open("/c");
        Path elsewhere = place.resolve("elsewhere");
        Files.move(directory, elsewhere);
        Files.writeString(directory, "a file where a folder was");
        Notice notice = Decision.TAKE_OVER.make(store.others(), null);
        assertThat(notice.good()).isFalse();
        assertThat(notice.text())
                .contains("taken over: 2", "This could not be stored on disk: ", "stored as soon as that works");
        assertThat(store.leases()).hasSize(2);

        Files.delete(directory);
        Files.move(elsewhere, directory);
        store.mend().join();
        store.close().join();
        assertThat(open("/c").leases()).hasSize(2);
    }
}
