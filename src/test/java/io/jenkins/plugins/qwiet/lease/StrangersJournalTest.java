package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts while a journal that somebody put into the home is still there. */
class StrangersJournalTest extends HomeOfLeases {
    private byte[] two(int[] half) throws Exception {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1")).join();
        half[0] = journal().length;
        store.put(Leases.live(3, "shop#3")).join();
        byte[] all = journal();
        store.close().join();
        deleteJournals();
        return all;
    }

    /** The copy has the whole length from the beginning (Windows, SMB, rsync --preallocate --inplace; NFS with holes). */
    @ParameterizedTest
    @ValueSource(strings = {"zeros behind", "zeros before", "all zeros"})
    void ofFullLengthFromTheBeginning(String how) throws Exception {
        int[] half = new int[1];
        byte[] all = two(half);
        LeaseStore store = open();
        store.put(Leases.live(2, "shop#2")).join();
        Path put = directory.resolve("journal-00000090.jsonl");
        byte[] first = all.clone();
        if (how.equals("zeros behind")) {
            Arrays.fill(first, half[0] + 20, first.length, (byte) 0);
        } else if (how.equals("zeros before")) {
            Arrays.fill(first, 0, half[0] + 20, (byte) 0);
        } else {
            Arrays.fill(first, (byte) 0);
        }
        try (FileChannel copy = FileChannel.open(put, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copy.write(ByteBuffer.wrap(first));
            store.mend().join();
            copy.position(0);
            copy.write(ByteBuffer.wrap(all));
        }
        for (int i = 0; i < 4; i++) {
            store.mend().join();
        }
        assertThat(store.leases())
                .extracting(Lease::nonce)
                .as("aside %s", store.setAside())
                .contains(Leases.nonce(1), Leases.nonce(2), Leases.nonce(3));
    }

    /** A home takes over, then a later journal of the former one is put there, which tells nothing new; Jenkins is restarted. */
    @ParameterizedTest
    @CsvSource({"0,take over", "1,take over", "2,take over", "3,take over", "1,forget", "3,forget"})
    void decisionHolds(int looks, String decision) throws Exception {
        Path here = directory;
        directory = place.resolve("former");
        for (int i = 0; i < 20; i++) {
            LeaseStore former = open();
            former.put(Leases.live(1, "shop#1")).join();
            former.close().join();
        }
        byte[] older = journal();
        LeaseStore former = open();
        for (int i = 0; i < 100; i++) {
            // What else was done there.
            former.put(Leases.live(9, "shop#9")).join();
            former.remove(Leases.nonce(9)).join();
        }
        former.put(Leases.live(1, "shop#1").released(clock.instant())).join();
        byte[] newer = journal();
        former.close().join();
        directory = here;

        LeaseStore store = open();
        store.put(Leases.live(2, "shop#2")).join();
        Files.write(directory.resolve("journal-00000076.jsonl"), older);
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        assertThat(store.resting()).hasSize(1);
        if (decision.equals("forget")) {
            store.forgetResting().join();
        } else {
            store.takeOverResting().join();
        }
        assertThat(store.resting()).isEmpty();
        Files.write(directory.resolve("journal-00000200.jsonl"), newer);
        for (int i = 0; i < looks; i++) {
            store.mend().join();
        }
        store.close().join();
        store = open();
        assertThat(store.resting()).as("decided before, and rest again").isEmpty();
        if (decision.equals("take over")) {
            assertThat(store.find(Leases.nonce(1))).isPresent();
        }
    }

    /** A home restored from a backup has found a token's ID; then a later journal of before is put there, which never knew it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void idHolds(int looks) throws Exception {
        LeaseStore store = open();
        store.put(Leases.intent(1, "shop#1")).join();
        byte[] backup = journal();
        for (int i = 0; i < 100; i++) {
            store.put(Leases.live(9, "shop#9")).join();
            store.remove(Leases.nonce(9)).join();
        }
        store.close().join();
        store = open();
        store.put(Leases.live(8, "shop#8")).join();
        store.remove(Leases.nonce(8)).join();
        byte[] later = journal();
        store.close().join();
        deleteJournals();
        Files.write(directory.resolve("journal-00000001.jsonl"), backup);

        store = open();
        store.put(Leases.live(1, "shop#1")).join();
        Files.write(directory.resolve("journal-00000200.jsonl"), later);
        for (int i = 0; i < looks; i++) {
            store.mend().join();
        }
        assertThat(store.find(Leases.nonce(1)).orElseThrow().tokenId()).isEqualTo("token-1");
        store.close().join();
        store = open();
        assertThat(store.find(Leases.nonce(1)).orElseThrow().tokenId())
                .as("promised to be on disk before, and known until the restart")
                .isEqualTo("token-1");
    }
}
