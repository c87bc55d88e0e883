package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As TwoJournalsTest; a cleanup comes while somebody still copies. */
class SlowlyPutJournalTest extends HomeOfLeases {
    /**
     * "together": both are there. "one by one": the newer one comes after a cleanup. "one file": the newer one alone, of which a
     * cleanup sees the first half. "whole": the newer one alone.
     */
    @ParameterizedTest
    @ValueSource(strings = {"together", "whole", "one by one", "unreadable at first", "one file"})
    void theNewerStateCounts(String how) throws Exception {
        newerStateCounts(how, directory);
    }

    /** Its leases rest, and are taken over then. */
    @ParameterizedTest
    @ValueSource(strings = {"together", "whole", "one by one", "unreadable at first", "one file"})
    void theNewerStateOfAnotherHomeCounts(String how) throws Exception {
        newerStateCounts(how, place.resolve("former"));
    }

    private void newerStateCounts(String how, Path from) throws Exception {
        Path here = directory;
        directory = from;
        LeaseStore store = open();
        Lease live = Leases.live(1, "shop#1");
        Lease intent = new Lease(live.identity(), io.jenkins.plugins.qwiet.api.End.UNKNOWN, null, null, null);
        store.put(intent).join();
        byte[] older = journal();
        store.put(live).join();
        byte[] newer = journal();
        assertThat(Arrays.copyOf(newer, older.length)).isEqualTo(older);
        store.close().join();
        deleteJournals();
        directory = here;
        store = open();
        store.put(Leases.live(2, "shop#2")).join();
        Path first = directory.resolve("journal-00000076.jsonl");
        Path second = directory.resolve("journal-00000090.jsonl");
        switch (how) {
            case "together" -> {
                Files.write(first, older);
                Files.write(second, newer);
            }
            case "one by one" -> {
                Files.write(first, older);
                store.mend().join();
                Files.write(second, newer);
            }
            case "unreadable at first" -> {
                Files.write(first, older);
                // A link to what is mounted a moment later.
                Path target = directory.resolveSibling("mounted");
                Files.createSymbolicLink(second, target);
                store.mend().join();
                Files.write(target, newer);
            }
            case "one file" -> {
                // What the copy has written so far.
                Files.write(second, Arrays.copyOf(newer, older.length + 20));
                store.mend().join();
                Files.write(second, newer);
            }
            default -> Files.write(second, newer);
        }
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        assertThat(journals()).doesNotContain(first, second);
        store.takeOverResting().join();
        assertThat(store.find(live.nonce())).isPresent();
        assertThat(store.find(live.nonce()).orElseThrow().tokenId())
                .as("the token's id, which the newer journal knew, and which is in none of %s", journals())
                .isEqualTo(live.tokenId());
    }

    /** The copy goes on into the same open file (kubectl cp, scp, cp). "whole": no cleanup comes between. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "in a line", "between lines", "nothing yet"})
    void whatIsStillBeingCopiedIsNotDeleted(String how) throws Exception {
        LeaseStore store = open();
        Lease first = Leases.live(1, "shop#1");
        Lease second = Leases.live(3, "shop#3");
        store.put(first).join();
        int half = journal().length;
        store.put(second).join();
        byte[] all = journal();
        store.close().join();
        deleteJournals();
        store = open();
        store.put(Leases.live(2, "shop#2")).join();
        int cut =
                switch (how) {
                    case "in a line" -> half + 20;
                    case "between lines" -> half;
                    case "nothing yet" -> 0;
                    default -> all.length;
                };
        Path put = directory.resolve("journal-00000090.jsonl");
        try (OutputStream copy = Files.newOutputStream(put)) {
            copy.write(Arrays.copyOf(all, cut));
            if (!how.equals("whole")) {
                store.mend().join();
            }
            copy.write(all, cut, all.length - cut);
        }
        for (int i = 0; i < 3; i++) {
            store.mend().join();
        }
        assertThat(store.leases()).extracting(Lease::nonce).contains(first.nonce(), second.nonce());
        assertThat(journals()).doesNotContain(put);
        assertThat(store.setAside()).isEmpty();
    }
}
