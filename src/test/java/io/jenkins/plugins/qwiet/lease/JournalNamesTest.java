package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and their tools put beside the journal, under names like its own. */
class JournalNamesTest extends HomeOfLeases {
    private LeaseStore real() throws Exception {
        clock.advance(Duration.ofSeconds(1));
        return LeaseStore.open(
                directory, clock, new Home("/var/jenkins", "one machine", "one instance"), Runnable::run);
    }

    /** A number of any length: else the next journal, which has one digit more, is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "99999999",
                "20261129125000",
                "999999999999999999",
                "9223372036854775807",
                "99999999999999999999999999999999"
            })
    void aJournalWithALongNumberIsRead(String number) throws Exception {
        LeaseStore first = real();
        first.put(Leases.live(1, "shop#1")).join();
        first.close().join();
        Files.move(directory.resolve("journal-00000001.jsonl"), directory.resolve("journal-" + number + ".jsonl"));
        LeaseStore second = real();
        second.put(Leases.live(2, "shop#2")).join();
        second.close().join();
        LeaseStore third = real();
        assertThat(third.leases()).hasSize(2);
        third.close().join();
    }

    /** Two journals whose names differ only in zeros are two. */
    @Test
    void aNumberWithMoreZerosIsAnotherJournal() throws Exception {
        LeaseStore first = real();
        first.put(Leases.live(1, "shop#1")).join();
        first.close().join();
        Path kept = Files.move(directory.resolve("journal-00000001.jsonl"), place.resolve("kept"));
        LeaseStore second = real();
        second.put(Leases.live(2, "shop#2")).join();
        second.close().join();
        Files.move(kept, directory.resolve("journal-0000000001.jsonl"));
        LeaseStore third = real();
        assertThat(third.leases()).hasSize(2);
        third.close().join();
    }

    /** A directory is no journal, whatever its name; it is left where it is. */
    @ParameterizedTest
    @ValueSource(strings = {"journal-00000001.jsonl", "journal-00000002.jsonl", "journal-00000009.jsonl"})
    void aDirectoryWithANameOfAJournalIsNone(String name) throws Exception {
        LeaseStore first = real();
        first.put(Leases.live(1, "shop#1")).join();
        first.close().join();
        if (Files.exists(directory.resolve(name))) {
            Files.move(directory.resolve(name), directory.resolve("journal-00000007.jsonl"));
        }
        Files.createDirectories(directory.resolve(name));
        LeaseStore second = real();
        assertThat(second.leases()).hasSize(1);
        second.put(Leases.live(2, "shop#2")).join();
        second.mend().join();
        assertThat(second.trouble()).isEmpty();
        second.close().join();
        LeaseStore third = real();
        assertThat(third.leases()).hasSize(2);
        third.close().join();
        assertThat(directory.resolve(name)).isDirectory();
    }
}
