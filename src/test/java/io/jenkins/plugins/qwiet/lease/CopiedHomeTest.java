package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases in a copy of a home rest; those in the home itself never do for what changes by itself. */
class CopiedHomeTest {
    private static final Lease LEASE = Leases.live(1, "shop#1");
    private static final Home HOME = new Home("/var/jenkins", "host-1", "one");

    private final FakeClock clock = new FakeClock(Leases.TEN);

    @TempDir
    Path place;

    private Path directory;
    /** What the file system says of the directory. */
    private String inode = "1";

    @BeforeEach
    void names() {
        directory = place.resolve("leases");
    }

    private LeaseStore start(Home home) throws IOException {
        LeaseStore store = open(home);
        store.mend().join();
        return store;
    }

    private LeaseStore open(Home home) throws IOException {
        return Leases.store(
                directory,
                clock,
                new Leases.UnlockedDisk() {
                    @Override
                    public String identity(Path any) {
                        return inode;
                    }
                },
                home,
                Runnable::run);
    }

    private LeaseStore startWithLease() throws IOException {
        LeaseStore store = start(HOME);
        store.put(LEASE).join();
        return store;
    }

    private static void rests(LeaseStore store, String why) {
        assertThat(store.leases()).isEmpty();
        assertThat(store.ofBuild("shop#1")).isEmpty();
        assertThat(store.resting()).singleElement().satisfies(resting -> {
            assertThat(resting.lease()).isEqualTo(LEASE);
            assertThat(resting.why()).contains(why);
            assertThat(resting.writtenIn()).isEqualTo(HOME);
            assertThat(resting.since()).isEqualTo(Leases.TEN);
        });
    }

    private static void isItsOwn(LeaseStore store) {
        assertThat(store.leases()).containsExactly(LEASE);
        assertThat(store.resting()).isEmpty();
    }

    static Home at(String path) {
        return new Home(path, HOME.machine(), HOME.instance());
    }

    static Home on(String machine) {
        return new Home(HOME.path(), machine, HOME.instance());
    }

    @Test
    void restInACopyAtAnotherPath() throws IOException {
        startWithLease();
        rests(start(at("/var/rehearsal")), "written at /var/jenkins, and this is /var/rehearsal");
    }

    @Test
    void restOnAnotherMachine() throws IOException {
        startWithLease();
        rests(start(on("host-2")), "written on \"host-1\", and this is \"host-2\"");
    }

    @Test
    void restInAnotherInstance() throws IOException {
        startWithLease();
        rests(start(new Home(HOME.path(), HOME.machine(), "another")), "another instance identity");
    }

    @Test
    void restInACopyAtTheSamePath() throws IOException {
        startWithLease();
        start(HOME);
        inode = "2";
        rests(start(HOME), "a copy");
    }

    @Test
    void restUntilAPersonDecidesHoweverOftenItIsStarted() throws IOException {
        startWithLease();
        Home copy = at("/var/rehearsal");
        LeaseStore store = start(copy);
        Lease own = Leases.live(2, "shop#2");
        store.put(own).join();
        clock.advance(Leases.AN_HOUR);
        store = start(copy);

        assertThat(store.leases()).containsExactly(own);
        assertThat(store.resting()).singleElement().satisfies(resting -> {
            assertThat(resting.lease()).isEqualTo(LEASE);
            assertThat(resting.since()).isEqualTo(Leases.TEN);
        });
    }

    @Test
    void areTakenOverForGood() throws IOException {
        startWithLease();
        LeaseStore store = start(on("host-2"));
        store.takeOverResting().join();
        isItsOwn(store);
        isItsOwn(start(on("host-2")));
    }

    @Test
    void areForgottenForGood() throws IOException {
        startWithLease();
        LeaseStore store = start(at("/var/rehearsal"));
        store.forgetResting().join();
        for (LeaseStore each : new LeaseStore[] {store, start(at("/var/rehearsal"))}) {
            assertThat(each.leases()).isEmpty();
            assertThat(each.resting()).isEmpty();
        }
    }

    @Test
    void followTheirJobWhileTheyRest() throws IOException {
        startWithLease();
        Home copy = at("/var/rehearsal");
        start(copy).move("shop", "store").join();
        LeaseStore store = start(copy);
        assertThat(store.resting())
                .singleElement()
                .satisfies(resting -> assertThat(resting.lease().buildId()).isEqualTo("store#1"));
        store.takeOverResting().join();
        assertThat(store.ofBuild("store#1")).hasSize(1);
    }

    @Test
    void isNoneWhereInodesChangeWithEachStart() throws IOException {
        startWithLease();
        for (int i = 2; i < 9; i++) {
            inode = "" + i;
            isItsOwn(start(HOME));
        }
    }

    @Test
    void anInodeThatMisledOnceCountsNeverAgain() throws IOException {
        startWithLease();
        start(HOME);
        inode = "2";
        start(HOME).takeOverResting().join();
        isItsOwn(start(HOME));
        inode = "3";
        isItsOwn(start(HOME));
    }

    @Test
    void aHostThatIsRenamedRestsOnce() throws IOException {
        startWithLease();
        LeaseStore store = start(on("host-2"));
        rests(store, "host-1");
        store.takeOverResting().join();
        isItsOwn(start(on("host-2")));
        isItsOwn(start(on("host-2")));
        assertThat(start(on("host-3")).resting()).as("it counts again").hasSize(1);
    }

    @Test
    void isNoneWhereTheMachineHasAnotherNameWithEachStart() throws IOException {
        startWithLease();
        start(on("host-2")).takeOverResting().join();
        for (int i = 3; i < 9; i++) {
            isItsOwn(start(on("host-" + i)));
        }
    }

    /** A host was renamed; before Jenkins is started there a second time, somebody rehearses an upgrade on another one. */
    @Test
    void restInACopyOnAnotherMachineAlsoRightAfterTheMachineMisled() throws IOException {
        startWithLease();
        start(on("host-2")).takeOverResting().join();
        inode = "2";
        LeaseStore copy = start(on("host-3"));
        assertThat(copy.leases()).isEmpty();
        assertThat(copy.resting())
                .singleElement()
                .satisfies(
                        resting -> assertThat(resting.why()).contains("written on \"host-2\", and this is \"host-3\""));
    }

    @Test
    void whereMachineAndInodeChangeWithEachStartTheyRestTwice() throws IOException {
        startWithLease();
        for (int i = 2; i < 4; i++) {
            inode = "" + i;
            LeaseStore store = start(on("host-" + i));
            assertThat(store.resting()).hasSize(1);
            store.takeOverResting().join();
        }
        for (int i = 4; i < 9; i++) {
            inode = "" + i;
            isItsOwn(start(on("host-" + i)));
        }
    }

    @Test
    void whatNobodyKnowsDiffersFromNothing() throws IOException {
        startWithLease();
        isItsOwn(start(new Home(HOME.path(), "", "")));
    }

    @Test
    void withoutItsMarkNothingIsKnownOfItsOwner() throws IOException {
        startWithLease();
        for (String content :
                Stream.of("", "{", "{}", "[]", "{\"id\":\"x\"}", "null").toList()) {
            Files.writeString(directory.resolve("owner.json"), content);
            Files.writeString(directory.resolve("owner-again.json"), content);
            LeaseStore store = start(HOME);
            assertThat(store.leases()).as(content).isEmpty();
            assertThat(store.resting())
                    .singleElement()
                    .satisfies(resting -> assertThat(resting.why()).contains("not known"));
        }
    }

    @Test
    void noDamageOfOneMarkMakesThemRest() throws IOException {
        startWithLease();
        Path mark = directory.resolve("owner.json");
        byte[] sound = Files.readAllBytes(mark);
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 1 << at % 8;
            Files.write(mark, damaged);
            isItsOwn(open(HOME));
            Files.write(mark, Arrays.copyOf(sound, at));
            isItsOwn(open(HOME));
            Files.write(mark, ByteBuffer.wrap(sound.clone()).put(new byte[at]).array());
            isItsOwn(open(HOME));
        }
        start(HOME);
        assertThat(mark).as("written again").hasSameTextualContentAs(directory.resolve("owner-again.json"));
    }

    @Test
    void onARealFileSystemACopyIsTold() throws IOException {
        var disk = new Leases.UnlockedDisk();
        Leases.store(directory, clock, disk, HOME, Runnable::run).put(LEASE).join();
        for (int i = 0; i < 2; i++) {
            LeaseStore store = Leases.store(directory, clock, disk, HOME, Runnable::run);
            store.mend().join();
            isItsOwn(store);
        }
        Path original = place.resolve("original");
        Files.move(directory, original);
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        rests(Leases.store(directory, clock, disk, HOME, Runnable::run), "a copy");
    }
}
