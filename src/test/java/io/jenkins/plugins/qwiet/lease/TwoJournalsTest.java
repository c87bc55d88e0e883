package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A backup took two journals of one process: the one before a compaction, and the newer one (the older is deleted a moment later, or
 * could not be). The older one has an intent, the newer one knows its token.
 */
class TwoJournalsTest extends HomeOfLeases {
    @Test
    void theNewerStateCounts() throws Exception {
        LeaseStore store = open();
        Lease live = Leases.live(1, "shop#1");
        Lease intent = new Lease(live.identity(), io.jenkins.plugins.qwiet.api.End.UNKNOWN, null, null, null);
        store.put(intent).join();
        byte[] older = journal();
        store.put(live).join();
        byte[] newer = journal();
        store.remove(live.nonce()).join();
        store.close().join();
        deleteJournals();
        store = open();
        store.put(Leases.live(2, "shop#2")).join();
        Files.write(directory.resolve("journal-00000076.jsonl"), older);
        Files.write(directory.resolve("journal-00000077.jsonl"), newer);
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        assertThat(journals())
                .extracting(file -> file.getFileName().toString())
                .doesNotContain("journal-00000076.jsonl", "journal-00000077.jsonl");
        assertThat(store.find(live.nonce())).isPresent();
        assertThat(store.find(live.nonce()).orElseThrow().tokenId())
                .as("the token's id, which the newer journal knew, and which is on no disk any more")
                .isEqualTo(live.tokenId());
    }

    /** A folder that somebody deleted is made again by the same cleanup: nothing is to be told of it. */
    @Test
    void ofAFolderThatIsThereAgainNothingIsSaid() throws Exception {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1")).join();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
        store.mend().join();
        assertThat(directory).isDirectory();
        assertThat(store.others().unread().map(Object::toString))
                .as("why the next start gives no build a token, though the folder is there again")
                .isEmpty();
    }
}
