package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is not well costs no lease: neither when it is read nor when the power goes. */
class UnwellDiskTest extends HomeOfLeases {
    static Stream<IOException> troubles() {
        return Stream.of(
                new AccessDeniedException("EACCES"),
                new IOException("Input/output error"),
                new FileSystemException("a file", null, "Too many open files"),
                new FileSystemException("a file", null, "Stale file handle"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void whatCannotBeReadNowIsReadLater(IOException trouble) throws IOException {
        Leases.store(directory, clock).put(Leases.live(1, "shop#1")).join();
        for (String unreadable : List.of("owner", "journal-00000001.jsonl", "leases")) {
            var unwell = new Leases.UnlockedDisk() {
                @Override
                public byte[] read(Path file) throws IOException {
                    check(file);
                    return super.read(file);
                }

                @Override
                public List<Path> list(Path file) throws IOException {
                    check(file);
                    return super.list(file);
                }

                private void check(Path file) throws IOException {
                    // Both marks: one of the two is enough.
                    if (file.getFileName().toString().startsWith(unreadable)) {
                        throw trouble;
                    }
                }
            };
            assertThatExceptionOfType(IOException.class)
                    .as(unreadable)
                    .isThrownBy(() -> Leases.store(directory, clock, unwell))
                    .isSameAs(trouble);
            LeaseStore later = Leases.store(directory, clock);
            assertThat(later.leases()).containsExactly(Leases.live(1, "shop#1"));
            assertThat(later.setAside()).isEmpty();
        }
    }

    @Test
    void aFailedOpeningLeavesNoLockBehind() throws IOException {
        var unwell = new LocalDisk() {
            @Override
            public List<Path> list(Path file) throws IOException {
                throw new AccessDeniedException(file.toString());
            }
        };
        assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(() -> Leases.store(directory, clock, unwell));
        LeaseStore store = Leases.store(directory, clock, new LocalDisk());
        assertThatExceptionOfType(InUseException.class)
                .isThrownBy(() -> Leases.store(directory, clock, new LocalDisk()))
                .withMessageContaining("process " + ProcessHandle.current().pid());
        store.close().join();
        Leases.store(directory, clock, new LocalDisk()).close().join();
    }

    /** A volume of Kubernetes with {@code fsGroup}, or a restored backup. */
    @Test
    void aDirectoryThatIsWritableAndNotOursServes() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwx---")));
        var asked = new AtomicInteger();
        LeaseStore store = Leases.store(directory, clock, new Leases.UnlockedDisk() {
            @Override
            void changePermissions(Path theirs, Set<PosixFilePermission> permissions) throws IOException {
                asked.incrementAndGet();
                throw new FileSystemException(theirs.toString(), null, "Operation not permitted");
            }
        });
        store.put(Leases.live(1, "shop#1")).join();
        assertThat(asked).hasValue(1);
        assertThat(Leases.store(directory, clock).leases()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPowerCutAtAnyByteLosesNothingPromised(boolean zeros) throws IOException {
        LeaseStore store = Leases.store(directory, clock);
        store.put(Leases.live(1, "shop#1")).join();
        Path journal = directory.resolve("journal-00000001.jsonl");
        byte[] promised = Files.readAllBytes(journal);
        store.put(Leases.live(2, "shop#2")).join();
        byte[] whole = Files.readAllBytes(journal);

        for (int at = promised.length; at <= whole.length; at++) {
            byte[] cut = Arrays.copyOf(whole, at);
            Files.write(journal, zeros ? Arrays.copyOf(cut, whole.length) : cut);
            LeaseStore after = Leases.store(directory, clock);
            // All but the end of its line is the lease.
            if (at >= whole.length - 1) {
                assertThat(after.leases()).hasSize(2);
            } else {
                assertThat(after.leases()).containsExactly(Leases.live(1, "shop#1"));
            }
            assertThat(after.resting()).isEmpty();
        }
    }

    static Stream<IOException> heldByAnother() {
        return Stream.of(
                new AccessDeniedException("owner.json.tmp"),
                new FileSystemException("owner.json.tmp", null, "Der Prozess kann nicht auf die Datei zugreifen"));
    }

    /** Of Windows: a virus scanner reads what is new. */
    @ParameterizedTest
    @MethodSource("heldByAnother")
    void aFileThatIsHeldForAMomentCostsNoMint(IOException held) throws IOException {
        var disk = new Held(held, 3);
        LeaseStore store = Leases.store(directory, clock, disk);

        assertThat(store.put(Leases.live(1, "shop#1"))).isCompleted();

        assertThat(store.trouble()).isEmpty();
        assertThat(Leases.store(directory, clock).leases()).hasSize(1);
        assertThat(disk.paused).isEqualTo(10 + 20 + 40);
    }

    @Test
    void aDamagedFileThatIsHeldForAMomentIsMovedAside() throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("journal-00000001.jsonl"), "no lease\n");
        LeaseStore store = Leases.store(directory, clock, new Held(new AccessDeniedException("a journal"), 3));

        store.put(Leases.live(1, "shop#1")).join();

        assertThat(store.setAside()).containsExactly(place.resolve("set-aside").resolve("journal-00000001.jsonl"));
    }

    @Test
    void aFileThatIsHeldForLongIsNotWaitedFor() throws IOException {
        var disk = new Held(new AccessDeniedException("owner.json.tmp"), Integer.MAX_VALUE);
        LeaseStore store = Leases.store(directory, clock, disk);

        assertThat(store.put(Leases.live(1, "shop#1"))).isCompletedExceptionally();

        assertThat(store.trouble()).isPresent();
        assertThat(disk.paused).isLessThan(1000);
    }

    private static final class Held extends Leases.UnlockedDisk {
        private final IOException refusal;
        private int times;
        private long paused;

        Held(IOException refusal, int times) {
            this.refusal = refusal;
            this.times = times;
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            if (times-- > 0) {
                throw refusal;
            }
            super.rename(from, to);
        }

        @Override
        public void pause(long millis) {
            paused += millis;
        }
    }

    @Test
    void twoProcessesThatNoLockKeepsApartSeeEachOther() throws IOException {
        var nanos = new AtomicLong(Long.MAX_VALUE);
        LeaseStore first = Leases.store(directory, clock, nanos::get, new NoLocks());
        first.mend().join();
        assertThat(first.otherProcess()).isEmpty();
        String began = clock.instant().toString();
        clock.advance(Duration.ofHours(1));
        LeaseStore second = Leases.store(directory, clock, new NoLocks());
        second.mend().join();
        assertThat(second.otherProcess()).isEmpty();

        first.mend().join();
        second.mend().join();

        assertThat(first.otherProcess())
                .get()
                .asString()
                .contains(clock.instant().toString());
        assertThat(second.otherProcess()).get().asString().contains(began);
        first.mend().join();
        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        first.mend().join();
        assertThat(first.otherProcess()).as("it may still run").isPresent();
        nanos.incrementAndGet();
        first.mend().join();
        assertThat(first.otherProcess()).as("it has ended").isEmpty();
    }

    /** It is cleared away, or the disk is not well: that is no other process. */
    @Test
    void whatCannotBeReadIsNoOtherProcess() throws IOException {
        LeaseStore store = Leases.store(directory, clock, new NoLocks());
        Files.delete(directory.resolve("lock-holder"));

        store.mend().join();

        assertThat(store.otherProcess()).isEmpty();
    }
}
