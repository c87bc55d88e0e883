package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseStoreTest {
    private final FakeClock clock = new FakeClock(Leases.TEN);

    @TempDir
    Path home;

    private Path directory;

    @BeforeEach
    void names() {
        directory = home.resolve("qwiet-ci-token").resolve("leases");
    }

    @Test
    void keepsLeasesAcrossARestart() throws IOException {
        LeaseStore store = open();
        Lease intent = Leases.intent(1, "shop#1");
        Lease failing = Leases.live(2, "shop#2")
                .released(Leases.NOON)
                .failed("Qwiet said 500", Leases.NOON)
                .notAllowed("403", Leases.NOON);
        store.put(intent);
        store.put(failing);

        assertThat(open().leases()).containsExactlyInAnyOrder(intent, failing);
    }

    @Test
    void findsByNonceAndByBuild() throws IOException {
        LeaseStore store = open();
        store.put(Leases.intent(1, "shop#1"));
        store.put(Leases.live(1, "shop#1"));
        store.put(Leases.live(2, "shop#1"));
        store.put(Leases.live(3, "shop#2"));

        for (LeaseStore either : List.of(store, open())) {
            assertThat(either.find(Leases.nonce(1))).contains(Leases.live(1, "shop#1"));
            assertThat(either.find(Leases.nonce(9))).isEmpty();
            assertThat(either.ofBuild("shop#1"))
                    .containsExactlyInAnyOrder(Leases.live(1, "shop#1"), Leases.live(2, "shop#1"));
            assertThat(either.ofBuild("shop#9")).isEmpty();
        }
    }

    @Test
    void leasesFollowTheirJob() throws IOException {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1"));
        store.put(Leases.live(2, "shop/basement#7"));
        store.put(Leases.live(3, "shopping#1"));

        store.move("shop", "mall/shop");

        for (LeaseStore each : List.of(store, open())) {
            assertThat(each.ofBuild("mall/shop#1"))
                    .containsExactly(Leases.live(1, "shop#1").ofBuild("mall/shop#1"));
            assertThat(each.ofBuild("mall/shop/basement#7")).hasSize(1);
            assertThat(each.ofBuild("shopping#1")).hasSize(1);
            assertThat(each.ofBuild("shop#1")).isEmpty();
        }
    }

    /** A second token of an ended lease is revoked with what its job sees, which is asked for by the job's name. */
    @Test
    void whatEndedFollowsItsJobToo() throws IOException {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1"));
        store.put(Leases.live(2, "shop/deep#2"));
        store.put(Leases.live(3, "shopping#3"));
        List.copyOf(store.leases()).forEach(store::end);

        store.move("shop", "mall/shop");

        assertThat(store.ended())
                .extracting(Lease::buildId)
                .containsExactlyInAnyOrder("mall/shop#1", "mall/shop/deep#2", "shopping#3");
        assertThat(store.leases()).isEmpty();
        assertThat(open().ended())
                .extracting(Lease::buildId)
                .containsExactlyInAnyOrder("mall/shop#1", "mall/shop/deep#2", "shopping#3");
    }

    @Test
    void forgetsWhatIsRemoved() throws IOException {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1"));
        store.remove(Leases.nonce(1));
        store.remove(Leases.nonce(1));

        assertThat(store.leases()).isEmpty();
        assertThat(store.ofBuild("shop#1")).isEmpty();
        assertThat(open().leases()).isEmpty();
    }

    @Test
    void onlyTheOwnerCanRead() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        open().put(Leases.live(1, "shop#1"));

        assertThat(files(directory))
                .hasSize(3)
                .allSatisfy(file -> assertThat(mode(file)).isEqualTo("rw-------"));
        assertThat(mode(directory)).isEqualTo("rwx------");
    }

    @Test
    void whatIsThereIsReadInOneFileAndTheOlderOnesGo() throws IOException {
        for (int i = 1; i <= 5; i++) {
            open().put(Leases.live(i, "shop#" + i));
        }
        LeaseStore store = open();
        store.mend().join();

        assertThat(store.leases()).hasSize(5);
        assertThat(journal()).hasSize(1);
    }

    static Stream<Arguments> linesThatAreNoLeases() throws IOException {
        String line = line(7, Leases.live(1, "shop#1"));
        return Stream.of(
                Arguments.of("cut short", line.substring(0, line.length() / 2) + "\n"),
                Arguments.of("zeros, as after a power cut", "\0".repeat(line.length()) + "\n"),
                Arguments.of("changed by hand", line.replace("label of", "label off")),
                Arguments.of("of a later version", signed(line.replace("\"version\":1", "\"version\":2"))),
                Arguments.of("without a version", signed(line.replace("\"version\"", "\"edition\""))),
                Arguments.of("without a nonce", signed(line.replace("\"nonce\"", "\"once\""))),
                Arguments.of("with a number for a text", signed(line.replace("\"label of shop#1\"", "1"))),
                Arguments.of("with no date", signed(line.replace("2026-08-03T12:00:00Z", "noon"))),
                Arguments.of("with an address that is none", signed(line.replace("https:", "ftp:"))),
                Arguments.of("with a nonce that is a path", signed(line.replace(Leases.nonce(1), "../../x"))),
                Arguments.of("of no known kind", signed(line.replace("\"owner\"", "\"keeper\""))),
                Arguments.of("somebody else's JSON", "[1, 2, 3]\n"),
                Arguments.of("no JSON", "What is this file?\n"),
                Arguments.of("huge", "x".repeat(100_000) + "\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("linesThatAreNoLeases")
    void aLineThatIsNoLeaseCostsNoOther(String what, String bad) throws IOException {
        LeaseStore before = open();
        before.put(Leases.live(2, "shop#2"));
        before.put(Leases.live(3, "shop#3"));
        Path file = journal().get(0);
        List<String> lines = Files.readAllLines(file);
        Files.writeString(file, lines.get(0) + "\n" + bad + lines.get(1) + "\n");

        LeaseStore store = open();
        assertThat(store.leases()).containsExactlyInAnyOrder(Leases.live(2, "shop#2"), Leases.live(3, "shop#3"));
        assertThat(store.setAside()).containsExactly(file);
        store.put(Leases.live(4, "shop#4"));

        Path aside = directory.resolveSibling("set-aside").resolve(file.getFileName());
        for (LeaseStore each : List.of(store, open())) {
            assertThat(each.leases()).hasSize(3);
            assertThat(each.setAside()).containsExactly(aside);
        }
        assertThat(Files.readString(aside)).contains(bad);
    }

    @Test
    void setsAsideTwoOfTheSameName() throws IOException {
        Path name = directory.resolve("journal-00000001.jsonl");
        for (String content : List.of("first\n", "second\n")) {
            Files.createDirectories(directory);
            Files.writeString(name, content);
            open().mend().join();
            files(directory).stream()
                    .filter(file -> file.toString().endsWith(".jsonl"))
                    .forEach(file -> file.toFile().delete());
        }
        assertThat(open().setAside()).map(Files::readString).containsExactlyInAnyOrder("first\n", "second\n");
    }

    @Test
    void readsALeaseWithFieldsOfALaterPlugin() throws IOException {
        open().put(Leases.live(1, "shop#1"));
        rewrite("\"version\":1", "\"version\":1,\"colour\":\"red\"");

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @Test
    void readsALeaseWhoseFailureIsIncomplete() throws IOException {
        open().put(Leases.live(1, "shop#1"));
        rewrite("\"lastError\":null", "\"lastError\":\"why?\"");

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void aNewLeaseIsOnDiskOrIsNotThere(FaultyDisk.Fault fault) throws IOException {
        for (int at = 1; at <= 16; at++) {
            Path place = home.resolve(fault + "-" + at).resolve("leases");
            var disk = new FaultyDisk(new Machine(), at, fault);
            LeaseStore store = Leases.store(place, clock, disk);
            if (put(store, Leases.intent(1, "shop#1"))) {
                assertThat(Leases.store(place, clock).leases()).containsExactly(Leases.intent(1, "shop#1"));
            } else if (!fault.isStop()) {
                assertThat(store.leases()).isEmpty();
            }
            // After a power cut it may be there all the same; but whole.
            LeaseStore reopened = Leases.store(place, clock);
            assertThat(reopened.setAside()).isEmpty();
            assertThat(reopened.leases()).isSubsetOf(Leases.intent(1, "shop#1"));
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void aChangedLeaseIsTheOldOrTheNew(FaultyDisk.Fault fault) throws IOException {
        int first = operationsOfOnePut();
        for (int at = first + 1; at <= first + 8; at++) {
            Path place = home.resolve(fault + "-" + at).resolve("leases");
            var disk = new FaultyDisk(new Machine(), at, fault);
            LeaseStore store = Leases.store(place, clock, disk);
            store.put(Leases.intent(1, "shop#1")).join();
            boolean written = put(store, Leases.live(1, "shop#1"));
            assertThat(store.leases()).as("what is known is known").containsExactly(Leases.live(1, "shop#1"));

            LeaseStore reopened = Leases.store(place, clock);
            assertThat(reopened.setAside()).isEmpty();
            assertThat(reopened.leases()).singleElement().isIn(Leases.intent(1, "shop#1"), Leases.live(1, "shop#1"));
            if (written) {
                assertThat(reopened.leases()).containsExactly(Leases.live(1, "shop#1"));
            }
        }
    }

    @Test
    void oneErrorOfTheDiskIsMadeGoodInAnotherFile() throws IOException {
        int first = operationsOfOnePut();
        for (int at = first + 1; at <= first + 2; at++) {
            Path place = home.resolve("once-" + at).resolve("leases");
            LeaseStore store = Leases.store(place, clock, new FaultyDisk(new Machine(), at, FaultyDisk.Fault.FAILS));
            store.put(Leases.intent(1, "shop#1")).join();
            assertThat(put(store, Leases.intent(2, "shop#2"))).isTrue();
            assertThat(Leases.store(place, clock).leases()).hasSize(2);
            assertThat(store.trouble()).isEmpty();
        }
    }

    @Test
    void aFullDiskIsToldOfUntilItHasRoomAgain() throws IOException {
        FaultyDisk disk = FaultyDisk.sound();
        LeaseStore store = Leases.store(directory, clock, disk);
        store.put(Leases.live(1, "shop#1"));
        disk.fill();
        assertThat(put(store, Leases.live(2, "shop#2"))).isFalse();
        store.put(Leases.live(1, "shop#1").released(Leases.NOON));
        store.remove(Leases.nonce(1)).join();
        assertThat(store.trouble())
                .hasValueSatisfying(t -> assertThat(t.reason()).contains("No space left on device"));
        assertThat(store.leases()).isEmpty();

        disk.mend();
        store.mend().join();
        assertThat(store.trouble()).isEmpty();
        assertThat(open().leases()).isEmpty();
    }

    @Test
    void aFailedChangeIsWrittenWhenTheDiskTakesIt() throws IOException {
        FaultyDisk disk = FaultyDisk.sound();
        LeaseStore store = Leases.store(directory, clock, disk);
        store.put(Leases.intent(1, "shop#1"));
        disk.fill();
        assertThat(put(store, Leases.live(1, "shop#1"))).isFalse();
        disk.mend();
        store.mend().join();

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @Test
    void manyThatWaitShareOneSync() throws IOException {
        var disk = new Nowhere();
        var work = new ArrayDeque<Runnable>();
        LeaseStore store = Leases.store(directory, clock, disk, work::add);
        store.put(Leases.live(1, "shop#1"));
        work.remove().run();
        int before = disk.operations();
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 2; i <= 500; i++) {
            written.add(store.put(Leases.live(i, "shop#" + i)));
        }
        assertThat(work).as("one piece of work").hasSize(1);
        assertThat(written).noneMatch(CompletableFuture::isDone);
        work.remove().run();
        assertThat(written).allMatch(CompletableFuture::isDone);
        assertThat(disk.operations() - before).as("an append and a sync").isEqualTo(2);
    }

    @Test
    void whatItTookIsWrittenWhenItCloses() throws IOException {
        var work = new ArrayDeque<Runnable>();
        LeaseStore store = Leases.store(directory, clock, new Leases.UnlockedDisk(), work::add);
        Lease first = Leases.live(1, "shop#1");
        Lease second = Leases.live(2, "shop#2");
        store.put(first);
        work.remove().run();

        CompletableFuture<Void> put = store.put(second);
        store.end(first);
        CompletableFuture<Void> closed = store.close();
        CompletableFuture<Void> late = store.put(Leases.live(3, "shop#3"));
        while (!work.isEmpty()) {
            work.remove().run();
        }

        assertThat(put).isCompleted();
        assertThat(closed).isCompleted();
        assertThat(late)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("Jenkins is shutting down.");
        LeaseStore again = open();
        assertThat(again.leases()).containsExactly(second);
        assertThat(again.ended()).containsExactly(first);
    }

    @Test
    void aStoreThatIsClosedWithoutAChangeWritesNothing() throws IOException {
        LeaseStore store = open();
        assertThat(store.close()).isCompleted();
        assertThat(store.close()).isCompleted();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().contains("journal")))
                    .isEmpty();
        }
    }

    @Test
    void staysSmallHoweverManyLeasesComeAndGo() throws IOException {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1"));
        long largest = 0;
        for (int i = 2; i <= 6_000; i++) {
            store.put(Leases.live(i, "shop#" + i));
            store.remove(Leases.nonce(i));
            largest = Math.max(largest, i % 100 == 0 ? bytes() : 0);
        }
        assertThat(largest).isLessThan(2 * 1024 * 1024);
        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @Test
    void aLargeJournalGoesOnWhenThereIsNoRoomForASmallerOne() throws IOException {
        var disk = new Leases.UnlockedDisk() {
            @Override
            public OpenFile create(Path file) throws IOException {
                if (file.toString().endsWith("2.jsonl")) {
                    throw new IOException("No space left on device");
                }
                return super.create(file);
            }
        };
        LeaseStore store = Leases.store(directory, clock, disk);
        for (int i = 1; i <= 3_000; i++) {
            assertThat(put(store, Leases.live(i, "shop#" + i))).isTrue();
        }
        assertThat(open().leases()).hasSize(3_000);
    }

    @Test
    void tenThousandLeasesMakeOneMoreNoDearer() throws IOException {
        // Nothing of this is on a disk, so a look into the directory would find nothing.
        var disk = new Nowhere();
        LeaseStore store = Leases.store(directory, clock, disk);
        for (int i = 1; i <= 10_000; i++) {
            store.put(Leases.live(i, "shop#" + i % 1000));
        }
        assertThat(operationsOfOneLife(store, disk, 20_002))
                .as("at most one file more, when the journal has grown")
                .isLessThan(20);
        assertThat(store.leases()).hasSize(10_000);
        assertThat(store.ofBuild("shop#7")).hasSize(10);
    }

    @Test
    void refusesANonceThatIsNoFileName() {
        for (String nonce : Arrays.asList("", "../x", "a/b", "A", "a.b", "x".repeat(65))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Lease.intent(nonce, Leases.order("shop#1"), Leases.ORGANIZATION, Leases.NOON));
        }
    }

    private static int operationsOfOneLife(LeaseStore store, Nowhere disk, int number) throws IOException {
        int before = disk.operations();
        store.put(Leases.intent(number, "shop#0"));
        store.put(Leases.live(number, "shop#0"));
        store.remove(Leases.nonce(number));
        return disk.operations() - before;
    }

    private LeaseStore open() throws IOException {
        return Leases.store(directory, clock);
    }

    private static boolean put(LeaseStore store, Lease lease) {
        try {
            store.put(lease).join();
            return true;
        } catch (CompletionException | Machine.Stopped e) {
            return false;
        }
    }

    private int operationsOfOnePut() throws IOException {
        FaultyDisk disk = FaultyDisk.sound();
        Leases.store(home.resolve("counted").resolve("leases"), clock, disk).put(Leases.intent(1, "shop#1"));
        return disk.operations();
    }

    private List<Path> journal() throws IOException {
        return files(directory).stream()
                .filter(file -> file.toString().endsWith(".jsonl"))
                .sorted()
                .toList();
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (Path file : files(directory)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private void rewrite(String what, String with) throws IOException {
        Path file = journal().get(0);
        Files.writeString(file, signed(Files.readString(file).replace(what, with)));
    }

    private static String line(long seq, Lease lease) throws IOException {
        return new String(JournalText.write(seq, 0, JournalRecord.is("somebody", lease)), StandardCharsets.UTF_8);
    }

    /** The line with the length and the sum that its content has. */
    static String signed(String line) {
        String body = line.substring(line.indexOf("\"seq\""), line.length() - 1);
        var crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return String.format("{\"sum\":\"%08x\",\"length\":%d,%s%n", crc.getValue(), body.length(), body);
    }

    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
