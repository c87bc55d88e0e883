package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As TwoJournalsTest; a cleanup comes while somebody still copies. */
class SlowlyPutJournalTest extends HomeOfLeases {
    private List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().startsWith("journal-"))
                    .toList();
        }
    }

    /**
     * "together": both are there. "one by one": the newer one comes after a cleanup. "one file": the newer one alone, of which a
     * cleanup sees the first half. "whole": the newer one alone.
     */
    @ParameterizedTest
    @ValueSource(strings = {"together", "whole", "one by one", "unreadable at first", "one file"})
    void theNewerStateCounts(String how) throws Exception {
        LeaseStore store = open();
        Lease live = Leases.live(1, "shop#1");
        Lease intent = new Lease(live.identity(), io.jenkins.plugins.qwiet.api.End.UNKNOWN, null, null, null);
        store.put(intent).join();
        byte[] older = Files.readAllBytes(journals().get(0));
        store.put(live).join();
        byte[] newer = Files.readAllBytes(journals().get(0));
        assertThat(Arrays.copyOf(newer, older.length)).isEqualTo(older);
        store.close().join();
        for (Path file : journals()) {
            Files.delete(file);
        }
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
        assertThat(store.find(live.nonce())).isPresent();
        assertThat(store.find(live.nonce()).orElseThrow().tokenId())
                .as("the token's id, which the newer journal knew, and which is in none of %s", journals())
                .isEqualTo(live.tokenId());
    }
}
