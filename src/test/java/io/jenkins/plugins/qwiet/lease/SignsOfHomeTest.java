package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a home is known by is neither forgotten nor lost, and does not grow. */
class SignsOfHomeTest extends HomeOfLeases {
    private static final Home HOME = new Home("/var/jenkins", "host-1", "one");

    /** A bad sector under the first of the two marks; the second is sound. */
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "owner-again.json", "owner.json"})
    void oneMarkThatCannotBeReadStopsNothing(String bad) throws Exception {
        LeaseStore store = Leases.store(directory, clock);
        store.put(Leases.live(1, "shop#1")).join();
        store.close().join();
        var disk = new Leases.UnlockedDisk() {
            @Override
            public byte[] read(Path file) throws IOException {
                if (file.endsWith(bad)) {
                    throw new IOException("Input/output error");
                }
                return super.read(file);
            }
        };
        assertThat(Leases.store(directory, clock, disk).leases()).hasSize(1);
    }

    /** A file system on which a name that leads to another file now may lead nowhere after a power cut. */
    @Test
    void noPowerCutTakesBothMarks() throws Exception {
        Set<Path> unsynced = new HashSet<>();
        var both = new ArrayList<Set<Path>>();
        var disk = new Leases.UnlockedDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                if (to.getFileName().toString().startsWith("owner") && unsynced.add(to) && unsynced.size() > 1) {
                    both.add(Set.copyOf(unsynced));
                }
            }

            @Override
            public void sync(Path any) {
                unsynced.clear();
            }
        };
        LeaseStore store = Leases.store(directory, clock, disk, HOME, Runnable::run);
        store.put(Leases.live(1, "shop#1")).join();
        store.close().join();
        Leases.store(directory, clock, disk, new Home(HOME.path(), "host-2", "one"), Runnable::run)
                .takeOverResting()
                .join();
        assertThat(both).isEmpty();
        assertThat(unsynced).isEmpty();
    }

    /** One start of which the machine is not known (in a container, say) forgets which it was. */
    @ParameterizedTest
    @CsvSource({"host-1,one", "'',one", "host-1,''"})
    void whatWasKnownOfAHomeIsNotForgottenByAStartThatDoesNotKnowIt(String machine, String instance) throws Exception {
        LeaseStore store = Leases.store(directory, clock, new NoLocks(), HOME, Runnable::run);
        store.put(Leases.live(1, "shop#1")).join();
        Leases.store(directory, clock, new NoLocks(), new Home(HOME.path(), machine, instance), Runnable::run)
                .mend()
                .join();
        // The copy.
        LeaseStore copy = Leases.store(
                directory,
                clock,
                new NoLocks(),
                new Home(
                        HOME.path(),
                        machine.isEmpty() ? "host-2" : "host-1",
                        instance.isEmpty() ? "another" : machine.isEmpty() ? "one" : "another"),
                Runnable::run);
        assertThat(copy.leases()).isEmpty();
        assertThat(copy.resting()).hasSize(1);
    }

    /** A host that has another name with each start, and never a lease that rests. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theMarkStaysSmall(boolean renamed) throws Exception {
        for (int i = 0; i < 400; i++) {
            Home home = new Home(HOME.path(), renamed ? "host-" + i : "host", "one");
            LeaseStore store = Leases.store(directory, clock, new NoLocks(), home, Runnable::run);
            store.put(Leases.live(i, "shop#" + i)).join();
            store.remove(Leases.nonce(i)).join();
            store.close().join();
        }
        assertThat(Files.size(directory.resolve("owner.json"))).isLessThan(20_000);
    }

    /** A mark of a later version of the plugin (a sign more), and back again to this one. */
    @ParameterizedTest
    @ValueSource(strings = {"PATH", "CONTAINER"})
    void aMarkOfALaterVersionKeepsItsOwner(String sign) throws Exception {
        Leases.store(directory, clock, new NoLocks(), new Home("/old", "host-1", "one"), Runnable::run)
                .put(Leases.live(1, "shop#1"))
                .join();
        LeaseStore store = Leases.store(directory, clock, new NoLocks(), HOME, Runnable::run);
        store.put(Leases.live(2, "shop#2")).join();
        store.close().join();
        var json = new ObjectMapper();
        for (String name : new String[] {"owner.json", "owner-again.json"}) {
            String mark = json.readTree(directory.resolve(name).toFile())
                    .path("mark")
                    .toString()
                    .replace("\"by\":\"PATH\"", "\"by\":\"" + sign + "\"");
            var crc = new CRC32C();
            crc.update(mark.getBytes(StandardCharsets.UTF_8));
            Files.writeString(
                    directory.resolve(name),
                    "{\"sum\":\"" + Long.toHexString(crc.getValue()) + "\",\"mark\":" + mark + "}\n");
        }
        assertThat(Leases.store(directory, clock, new NoLocks(), HOME, Runnable::run)
                        .leases())
                .extracting(Lease::buildId)
                .containsExactly("shop#2");
    }
}
