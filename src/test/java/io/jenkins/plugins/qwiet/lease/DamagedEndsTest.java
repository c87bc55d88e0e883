package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of the end of a journal, only one record that the power cut short is thrown away; all else is kept for a person. */
class DamagedEndsTest extends HomeOfLeases {
    private static final int LEASES = 5;

    private Path journal;
    private byte[] bytes;

    @BeforeEach
    void journalOfFive() throws IOException {
        LeaseStore store = Leases.store(directory, clock);
        for (int i = 1; i <= LEASES; i++) {
            store.put(Leases.live(i, "shop#" + i)).join();
        }
        journal = directory.resolve("journal-00000001.jsonl");
        bytes = Files.readAllBytes(journal);
    }

    /** Where the last lines begin, of which there are so many. */
    private int lastLines(int count) {
        int from = bytes.length;
        for (int i = 0; i < count; i++) {
            from = new String(bytes, StandardCharsets.US_ASCII).lastIndexOf('\n', from - 2) + 1;
        }
        return from;
    }

    private LeaseStore openWith(byte[] content) throws IOException {
        Files.write(journal, content);
        LeaseStore after = Leases.store(directory, clock);
        after.put(Leases.live(99, "shop#99")).join();
        after.mend().join();
        return after;
    }

    private void assertKept(LeaseStore after, byte[] content) throws IOException {
        List<Path> aside = after.setAside();
        assertThat(aside).containsExactly(place.resolve("set-aside").resolve("journal-00000001.jsonl"));
        assertThat(aside.get(0)).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void aJournalThatAnEditorSavedInAnotherEncodingIsKept(String charset) throws Exception {
        byte[] content =
                new String(bytes, StandardCharsets.UTF_8).replace("\n", "\r\n").getBytes(Charset.forName(charset));
        assertKept(openWith(content), content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aLastBlockThatIsDamagedIsKept(int lost) throws Exception {
        for (int at : new int[] {0, 1, 9, 20, 30, 60}) {
            Files.deleteIfExists(place.resolve("set-aside").resolve("journal-00000001.jsonl"));
            byte[] content = bytes.clone();
            Arrays.fill(content, lastLines(lost) + at, content.length, (byte) 0xA5);
            LeaseStore after = openWith(content);
            assertThat(after.leases()).as("from byte " + at).hasSize(LEASES - lost + 1);
            assertKept(after, content);
        }
    }

    @Test
    void damageBeforeATornEndIsKept() throws Exception {
        byte[] content = Arrays.copyOf(bytes, bytes.length - 50);
        content[lastLines(2) + 100] ^= 0x10;
        LeaseStore after = openWith(content);
        assertThat(after.leases()).hasSize(LEASES - 2 + 1);
        assertKept(after, content);
    }

    @Test
    void damageOfTheLastLineAndItsEndIsKept() throws Exception {
        byte[] content = bytes.clone();
        content[content.length - 100] ^= 0x10;
        content[content.length - 1] ^= 0x10;
        assertKept(openWith(content), content);
    }

    /** Nobody was promised it, and nobody is to be alarmed after each power cut. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneRecordThatThePowerCutShortIsThrownAway(boolean zeros) throws Exception {
        int last = lastLines(1);
        for (int at = last; at < bytes.length - 1; at++) {
            byte[] content = Arrays.copyOf(bytes, at);
            LeaseStore after = openWith(zeros ? Arrays.copyOf(content, bytes.length + 100) : content);
            assertThat(after.leases()).as("cut after " + (at - last)).hasSize(LEASES);
            assertThat(after.setAside()).as("cut after " + (at - last)).isEmpty();
            assertThat(journal).doesNotExist();
        }
    }
}
