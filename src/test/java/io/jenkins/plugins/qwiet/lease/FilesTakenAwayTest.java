package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody deletes, replaces or changes the files of leases while Jenkins uses them: what it promised is on disk, or is again. */
class FilesTakenAwayTest extends HomeOfLeases {
    /** What somebody does. */
    enum Act {
        NOTHING,
        FILE_DELETED,
        FILE_REPLACED_BY_THE_SAME,
        FILE_REPLACED_BY_AN_OLDER_ONE,
        FILE_OVERWRITTEN_WITH_AN_OLDER_ONE,
        FILE_SHORTENED,
        FILE_MOVED_AWAY,
        MARKS_DELETED,
        MARKS_OF_ANOTHER,
        FOLDER_DELETED,
        FOLDER_MOVED_AWAY,
        FOLDER_RESTORED
    }

    /** What Jenkins does next, before it is killed. */
    enum Next {
        PROMISES,
        MENDS,
        IS_STOPPED,
        MENDS_AND_PROMISES
    }

    private void act(Act act, Map<Path, byte[]> backup) throws IOException {
        Path file = directory.resolve("journal-00000001.jsonl");
        byte[] now = Files.readAllBytes(file);
        switch (act) {
            case NOTHING -> {}
            case FILE_DELETED -> Files.delete(file);
            case FILE_REPLACED_BY_THE_SAME -> {
                Files.delete(file);
                Files.write(file, now);
            }
            case FILE_REPLACED_BY_AN_OLDER_ONE -> {
                Files.delete(file);
                Files.write(file, backup.get(file));
            }
            case FILE_OVERWRITTEN_WITH_AN_OLDER_ONE -> Files.write(file, backup.get(file));
            case FILE_SHORTENED -> Files.write(file, Arrays.copyOf(now, now.length / 3));
            case FILE_MOVED_AWAY -> Files.move(file, place.resolve("elsewhere"));
            case MARKS_DELETED -> {
                Files.delete(directory.resolve("owner.json"));
                Files.delete(directory.resolve("owner-again.json"));
            }
            case MARKS_OF_ANOTHER -> {
                Path another = place.resolve("another");
                Leases.store(another, clock, new Leases.UnlockedDisk(), new Home("/x", "y", "z"), Runnable::run)
                        .put(Leases.live(9, "else#1"))
                        .join();
                for (String mark : List.of("owner.json", "owner-again.json")) {
                    Files.write(directory.resolve(mark), Files.readAllBytes(another.resolve(mark)));
                }
            }
            case FOLDER_DELETED -> delete();
            case FOLDER_MOVED_AWAY -> Files.move(directory, place.resolve("elsewhere"));
            case FOLDER_RESTORED -> {
                delete();
                Files.createDirectories(directory);
                for (var each : backup.entrySet()) {
                    Files.write(each.getKey(), each.getValue());
                }
            }
        }
    }

    private void delete() throws IOException {
        for (Path file : content().keySet()) {
            Files.delete(file);
        }
        Files.delete(directory);
    }

    private Map<Path, byte[]> content() throws IOException {
        Map<Path, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                content.put(file, Files.readAllBytes(file));
            }
        }
        return content;
    }

    static Stream<Arguments> acts() {
        return Stream.of(Act.values()).flatMap(act -> Stream.of(Next.values()).map(next -> Arguments.of(act, next)));
    }

    @ParameterizedTest
    @MethodSource("acts")
    void nothingIsLostWhateverSomebodyDoesToTheFiles(Act act, Next next) throws Exception {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1")).join();
        Map<Path, byte[]> backup = content();
        store.put(Leases.live(2, "shop#2")).join();

        act(act, backup);
        switch (next) {
            case PROMISES -> {}
            case MENDS, MENDS_AND_PROMISES -> store.mend().join();
            case IS_STOPPED -> store.close().join();
        }
        boolean promises = next == Next.PROMISES || next == Next.MENDS_AND_PROMISES;
        if (promises) {
            store.put(Leases.live(3, "shop#3")).join();
        }

        // A mark alone is not looked at before each promise: within the minute.
        boolean unseen = next == Next.PROMISES && act.name().startsWith("MARKS");
        assertThat(store.disturbedAt().isPresent()).isEqualTo(act != Act.NOTHING && !unseen);
        if (unseen) {
            store.mend().join();
        }
        assertThat(store.setAside()).isEmpty();
        for (int start = 0; start < 3; start++) {
            LeaseStore after = open();
            assertThat(after.leases())
                    .extracting(Lease::buildId)
                    .containsExactlyInAnyOrderElementsOf(
                            promises ? List.of("shop#1", "shop#2", "shop#3") : List.of("shop#1", "shop#2"));
            assertThat(after.resting()).isEmpty();
            after.mend().join();
        }
    }

    /** Somebody tidies before anything is written since the start. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFolderThatIsGoneBeforeTheFirstPromiseIsMadeAgain(boolean gone) throws Exception {
        open().put(Leases.live(1, "shop#1")).join();
        LeaseStore store = open();
        if (gone) {
            delete();
        }

        store.put(Leases.live(2, "shop#2")).join();

        assertThat(open().leases()).extracting(Lease::buildId).containsExactlyInAnyOrder("shop#1", "shop#2");
    }

    /** It is no other's that is read then: what is known here counts more than what was there once. */
    @Test
    void aLeaseThatABackupBringsBackIsLookedAfterAndWhatIsKnownStays() throws Exception {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1")).join();
        store.put(Leases.live(2, "shop#2")).join();
        byte[] backup = Files.readAllBytes(directory.resolve("journal-00000001.jsonl"));
        store.remove(Leases.nonce(1)).join();
        Lease changed = Leases.live(2, "shop#2").released(clock.instant());
        store.put(changed).join();
        Files.write(directory.resolve("journal-00000007.jsonl"), backup);

        for (int looks = 0; looks < 3; looks++) {
            store.mend().join();
        }

        assertThat(store.leases()).containsExactlyInAnyOrder(Leases.live(1, "shop#1"), changed);
        assertThat(directory.resolve("journal-00000007.jsonl")).doesNotExist();
        assertThat(open().leases()).containsExactlyInAnyOrder(Leases.live(1, "shop#1"), changed);
    }

    /** What is no lease in it is kept for a person. */
    @Test
    void aDamagedFileThatIsPutThereIsSetAside() throws Exception {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1")).join();
        Files.writeString(directory.resolve("journal-00000007.jsonl"), "no lease\n");

        for (int looks = 0; looks < 3; looks++) {
            store.mend().join();
        }

        assertThat(store.setAside()).containsExactly(place.resolve("set-aside").resolve("journal-00000007.jsonl"));
        assertThat(open().leases()).hasSize(1);
    }

    /** The disk gives the first of two files, and the second one not before the next look. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whatIsInFilesThatCannotAllBeReadAtOnceIsNotForgotten(int badFile) throws Exception {
        var disk = new NoLocks() {
            private String bad = "journal-0000000" + (7 + badFile) + ".jsonl";

            @Override
            public byte[] read(Path file) throws IOException {
                if (file.endsWith(bad)) {
                    bad = "";
                    throw new IOException("Input/output error");
                }
                return super.read(file);
            }
        };
        LeaseStore store = Leases.store(directory, clock, disk);
        store.put(Leases.live(1, "shop#1")).join();
        for (int i = 7; i < 9; i++) {
            Files.write(
                    directory.resolve("journal-0000000" + i + ".jsonl"),
                    JournalText.write(50, 0, JournalRecord.is(store.others().here(), Leases.live(i, "shop#" + i))));
        }

        store.mend().join();
        store.mend().join();

        List<String> all = List.of("shop#1", "shop#7", "shop#8");
        assertThat(store.leases()).extracting(Lease::buildId).containsExactlyInAnyOrderElementsOf(all);
        assertThat(open().leases()).extracting(Lease::buildId).containsExactlyInAnyOrderElementsOf(all);
    }

    /** A file of a backup is put back while Jenkins runs, to be read at the next start. */
    @ParameterizedTest
    @ValueSource(strings = {"journal-00000009.jsonl", "journal-00000002.jsonl"})
    void anOldJournalThatIsPutBackIsNotDeletedUnread(String name) throws Exception {
        var disk = new NoLocks() {
            private int errors;

            @Override
            public OpenFile create(Path file) throws IOException {
                OpenFile real = super.create(file);
                return new PassingFile(real) {
                    @Override
                    public void append(byte[] bytes) throws IOException {
                        if (errors > 0) {
                            errors--;
                            throw new IOException("once");
                        }
                        real.append(bytes);
                    }
                };
            }
        };
        LeaseStore store = Leases.store(directory, clock, disk);
        store.put(Leases.live(1, "shop#1")).join();
        String owner = new ObjectMapper()
                .readTree(directory.resolve("owner.json").toFile())
                .path("mark")
                .path("id")
                .asText();
        Files.write(
                directory.resolve(name), JournalText.write(50, 0, JournalRecord.is(owner, Leases.live(7, "lost#7"))));
        disk.errors = 1; // So that another file is begun, as when it has grown.
        for (int i = 2; i < 5; i++) {
            store.put(Leases.live(i, "shop#" + i)).exceptionally(e -> null).join();
        }
        store.close().join();
        assertThat(open().leases()).extracting(Lease::buildId).contains("lost#7");
    }
}
