package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void forgetsWhatIsRemoved() throws IOException {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1"));
        store.remove(Leases.nonce(1));
        store.remove(Leases.nonce(1));

        assertThat(store.leases()).isEmpty();
        assertThat(store.ofBuild("shop#1")).isEmpty();
        assertThat(open().leases()).isEmpty();
        assertThat(files(directory)).isEmpty();
    }

    @Test
    void onlyTheOwnerCanRead() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        open().put(Leases.live(1, "shop#1"));

        assertThat(files(directory))
                .singleElement()
                .satisfies(file -> assertThat(mode(file)).isEqualTo("rw-------"));
        assertThat(mode(directory)).isEqualTo("rwx------");
    }

    @Test
    void clearsAwayWhatACrashLeftUnfinished() throws IOException {
        LeaseStore store = open();
        store.put(Leases.live(1, "shop#1"));
        Files.writeString(directory.resolve(Leases.nonce(1) + ".json.tmp"), "{\"ver");

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
        assertThat(files(directory)).hasSize(1);
    }

    static Stream<Arguments> filesThatAreNoLeases() throws IOException {
        String lease = new String(LeaseJson.write(Leases.live(1, "shop#1")), StandardCharsets.UTF_8);
        String name = Leases.nonce(1) + ".json";
        return Stream.of(
                Arguments.of("empty", name, ""),
                Arguments.of("cut short", name, lease.substring(0, lease.length() / 2)),
                Arguments.of("longer than it was", name, lease + lease),
                Arguments.of("zeros, as after a power cut", name, "\0".repeat(lease.length())),
                Arguments.of("of a later version", name, lease.replace("\"version\" : 1", "\"version\" : 2")),
                Arguments.of("without a version", name, lease.replace("\"version\"", "\"edition\"")),
                Arguments.of("without a nonce", name, lease.replace("\"nonce\"", "\"once\"")),
                Arguments.of("with a number for a text", name, lease.replace("\"label of shop#1\"", "1")),
                Arguments.of("with no date", name, lease.replace("2026-08-03T12:00:00Z", "noon")),
                Arguments.of("with an address that is none", name, lease.replace("https:", "ftp:")),
                Arguments.of("with a nonce that is a path", name, lease.replace(Leases.nonce(1), "../../x")),
                Arguments.of("named unlike its nonce", "other.json", lease),
                Arguments.of("somebody else's JSON", "package.json", "[1, 2, 3]"),
                Arguments.of("no JSON", "README.txt", "What is this folder?"),
                Arguments.of("huge", "core.json", " ".repeat(100_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filesThatAreNoLeases")
    void setsAsideAFileThatIsNoLease(String what, String name, String content) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name), content);
        open().put(Leases.live(2, "shop#2"));

        LeaseStore store = open();
        assertThat(store.leases()).containsExactly(Leases.live(2, "shop#2"));
        assertThat(store.setAside())
                .containsExactly(directory.resolveSibling("set-aside").resolve(name));
        assertThat(Files.readString(store.setAside().get(0))).isEqualTo(content);
    }

    @Test
    void setsAsideTwoOfTheSameName() throws IOException {
        for (String content : List.of("first", "second")) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("x.json"), content);
            open();
        }
        assertThat(open().setAside()).map(Files::readString).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void readsALeaseWithFieldsOfALaterPlugin() throws IOException {
        open().put(Leases.live(1, "shop#1"));
        Path file = files(directory).get(0);
        Files.writeString(file, Files.readString(file).replace("{", "{ \"colour\" : \"red\","));

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @Test
    void readsALeaseWhoseFailureIsIncomplete() throws IOException {
        open().put(Leases.live(1, "shop#1"));
        Path file = files(directory).get(0);
        Files.writeString(file, Files.readString(file).replace("\"lastError\" : null", "\"lastError\" : \"why?\""));

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void aNewLeaseIsOnDiskOrIsNotThere(FaultyDisk.Fault fault) throws IOException {
        for (int at = 1; at <= 3; at++) {
            Path place = home.resolve(fault + "-" + at).resolve("leases");
            var disk = new FaultyDisk(new Machine(), at, fault);
            LeaseStore store = LeaseStore.open(place, clock, disk);
            assertThat(put(store, Leases.intent(1, "shop#1"))).isFalse();
            assertThat(store.leases()).isEmpty();

            // After a power cut it may be there all the same; but whole.
            LeaseStore reopened = LeaseStore.open(place, clock);
            assertThat(reopened.setAside()).isEmpty();
            assertThat(reopened.leases()).isSubsetOf(Leases.intent(1, "shop#1"));
            if (fault == FaultyDisk.Fault.FAILS || fault == FaultyDisk.Fault.FAILS_AFTERWARDS) {
                assertThat(files(place)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void aChangedLeaseIsTheOldOrTheNew(FaultyDisk.Fault fault) throws IOException {
        for (int at = 4; at <= 6; at++) {
            Path place = home.resolve(fault + "-" + at).resolve("leases");
            var disk = new FaultyDisk(new Machine(), at, fault);
            LeaseStore store = LeaseStore.open(place, clock, disk);
            store.put(Leases.intent(1, "shop#1"));
            assertThat(put(store, Leases.live(1, "shop#1"))).isFalse();
            assertThat(store.leases()).as("what is known is known").containsExactly(Leases.live(1, "shop#1"));

            LeaseStore reopened = LeaseStore.open(place, clock);
            assertThat(reopened.setAside()).isEmpty();
            assertThat(reopened.leases()).singleElement().isIn(Leases.intent(1, "shop#1"), Leases.live(1, "shop#1"));
        }
    }

    @Test
    void aLeaseThatCannotBeDeletedIsKept() throws IOException {
        FaultyDisk disk = FaultyDisk.sound();
        LeaseStore store = LeaseStore.open(directory, clock, disk);
        store.put(Leases.live(1, "shop#1"));
        disk.fill();
        assertThatIOException().isThrownBy(() -> store.remove(Leases.nonce(1)));
        assertThat(store.leases()).hasSize(1);

        disk.mend();
        store.remove(Leases.nonce(1));
        assertThat(store.leases()).isEmpty();
    }

    @Test
    void afterAFailureThePutOfTheSameLeaseIsWritten() throws IOException {
        FaultyDisk disk = FaultyDisk.sound();
        LeaseStore store = LeaseStore.open(directory, clock, disk);
        store.put(Leases.intent(1, "shop#1"));
        disk.fill();
        assertThat(put(store, Leases.live(1, "shop#1"))).isFalse();
        disk.mend();
        store.put(Leases.live(1, "shop#1"));

        assertThat(open().leases()).containsExactly(Leases.live(1, "shop#1"));
    }

    @Test
    void tenThousandLeasesMakeOneMoreNoDearer() throws IOException {
        // Nothing of this is on a disk, so a look into the directory would find nothing.
        var disk = new Nowhere();
        LeaseStore store = LeaseStore.open(directory, clock, disk);
        int alone = operationsOfOneLife(store, disk, 20_001);
        for (int i = 1; i <= 10_000; i++) {
            store.put(Leases.live(i, "shop#" + i % 1000));
        }
        assertThat(operationsOfOneLife(store, disk, 20_002)).isEqualTo(alone);
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
        return LeaseStore.open(directory, clock);
    }

    private static boolean put(LeaseStore store, Lease lease) {
        try {
            store.put(lease);
            return true;
        } catch (IOException | Machine.Stopped e) {
            return false;
        }
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
