package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised is kept and read: the first of a home, the longest, and those after a long outage. */
class FirstAndLargeLeasesTest extends HomeOfLeases {
    /** fsync(2): that a file is synced says nothing of the name of the directory in which it is. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPowerCutAfterTheFirstTokenEverLosesNothing(boolean namesAreSynced) throws Exception {
        Set<Path> begun = new HashSet<>();
        Set<Path> durable = new HashSet<>();
        var disk = new DiskWithHooks() {
            @Override
            public void createDirectories(Path made) {
                for (Path each = made; each != null; each = each.getParent()) {
                    begun.add(each);
                }
            }

            @Override
            public synchronized void sync(Path synced) throws IOException {
                begun.stream().filter(each -> synced.equals(each.getParent())).forEach(durable::add);
                super.sync(synced);
            }

            @Override
            synchronized void losePower() {
                super.losePower();
                if (!durable.contains(Path.of("/home/qwiet-ci-token/leases"))
                        || !durable.contains(Path.of("/home/qwiet-ci-token"))) {
                    names.clear();
                }
            }
        };
        Path leases = Path.of("/home/qwiet-ci-token/leases");
        LeaseStore store = Leases.store(leases, clock, disk);
        if (namesAreSynced) {
            disk.sync(Path.of("/home/qwiet-ci-token"));
            disk.sync(Path.of("/home"));
        }
        store.put(Leases.live(1, "shop#1")).join();
        disk.losePower();
        assertThat(Leases.store(leases, clock, disk).leases()).hasSize(1);
    }

    /** Jackson by itself reads no text of more than 20 million characters. */
    @ParameterizedTest
    @ValueSource(ints = {19_000_000, 21_000_000})
    void whatIsPromisedIsRead(int length) throws Exception {
        LeaseStore store = open();
        Lease lease = Lease.intent(
                Leases.nonce(1),
                new MintRequest(
                        "x".repeat(length),
                        "",
                        Leases.AN_HOUR,
                        Account.ofJenkins("a"),
                        "shop#1",
                        "https://jenkins.example/"),
                Leases.ORGANIZATION,
                Leases.NOON);
        boolean promised = store.put(lease).handle((ok, e) -> e == null).join();
        if (promised) {
            assertThat(open().leases()).hasSize(1);
        }
    }

    /** A disk that does not take anything for long: what is tried in vain leaves nothing in memory. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3000})
    void anOutageOfTheDiskCostsOneDeletionForEachTry(int tries) throws Exception {
        List<Path> deleted = new ArrayList<>();
        var disk = new Leases.UnlockedDisk() {
            private boolean full;

            @Override
            public OpenFile create(Path file) throws IOException {
                if (full && file.getFileName().toString().startsWith("journal-")) {
                    throw new IOException("Read-only file system");
                }
                return super.create(file);
            }

            @Override
            public void delete(Path file) throws IOException {
                deleted.add(file);
                super.delete(file);
            }
        };
        disk.full = true;
        LeaseStore store = Leases.store(directory, clock, disk);
        for (int i = 0; i < tries; i++) {
            store.put(Leases.live(1, "shop#1")).exceptionally(e -> null).join();
        }
        disk.full = false;
        deleted.clear();
        store.put(Leases.live(2, "shop#2")).join();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSizeLessThan(8);
        }
        assertThat(deleted).hasSizeLessThan(20);
    }
}
