package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes on one home that no lock keeps apart: none loses what it was promised, and both are told. */
class UnlockedProcessesTest extends HomeOfLeases {
    private static final int REFUSED = 7;

    /** A second Jenkins, stopped in order soon. */
    public static final class Second {
        /** @param arguments the directory */
        public static void main(String[] arguments) throws IOException {
            try {
                LeaseStore store =
                        Leases.store(Path.of(arguments[0]), Clock.systemUTC(), new LocalDisk(), Runnable::run);
                store.mend().join();
                store.close().join();
            } catch (InUseException e) {
                System.exit(REFUSED);
            }
        }
    }

    /** The person does what the warning says: stops the second one. The first goes on. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsPromisedAfterTheSecondProcessWasStoppedIsKept(boolean second) throws Exception {
        LeaseStore first = open();
        first.put(Leases.live(1, "shop#1")).join();
        if (second) {
            LeaseStore other = open();
            other.mend().join(); // Each janitor's sweep does so.
            first.mend().join();
            assertThat(first.otherProcess()).as("it knows").isPresent();
            other.close().join();
        }
        first.mend().join();
        first.put(Leases.live(2, "shop#2")).join(); // Promised: the token is made now.
        first.mend().join();
        first.put(Leases.live(3, "shop#3")).join();
        // Killed, and started again.
        assertThat(open().leases()).extracting(Lease::buildId).containsExactlyInAnyOrder("shop#1", "shop#2", "shop#3");
    }

    /** Two that begin at once in a new home: what one was promised, the other deletes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aJournalOfAnotherProcessIsNotDeletedUnread(boolean firstMintsToo) throws Exception {
        LeaseStore first = open();
        LeaseStore second = open();
        second.put(Leases.live(1, "shop#1")).join();
        if (firstMintsToo) {
            first.put(Leases.live(2, "shop#2")).exceptionally(e -> null).join();
            first.put(Leases.live(3, "shop#3")).join();
        }
        assertThat(open().leases()).extracting(Lease::buildId).contains("shop#1");
    }

    /** The disk is full while Jenkins starts, and has room later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondProcessIsSeenThoughTheDiskWasFullAtTheStart(boolean full) throws Exception {
        var disk = new NoLocks() {
            private boolean isFull = full;

            @Override
            public Optional<Disk.Lock> lock(Path file, byte[] holder) {
                write(Disk.holderOf(file), isFull ? new byte[0] : holder);
                return Optional.of(() -> {});
            }

            @Override
            public OpenFile create(Path file) throws IOException {
                if (isFull) {
                    throw new IOException("No space left on device");
                }
                return super.create(file);
            }
        };
        LeaseStore first = Leases.store(directory, clock, disk);
        disk.isFull = false;
        first.mend().join();
        first.put(Leases.live(1, "shop#1")).join();
        LeaseStore second = open();
        second.mend().join();
        first.mend().join();
        second.mend().join();
        assertThat(first.otherProcess()).isPresent();
        assertThat(second.otherProcess()).isPresent();
    }

    /** A pass waits for an answer of Qwiet; the timer asks for the next one meanwhile, which joins it. */
    @Test
    void aSecondProcessIsSeenWhileAPassIsUnderWay() throws Exception {
        LeaseStore first = open();
        var leasing = new Leasing(first, clock, Leases.nonces());
        var answer = new CompletableFuture<Boolean>();
        // As a look-up that hangs: nothing else is known of that build until then.
        var janitor = new Janitor(
                leasing, lease -> Optional.empty(), lease -> answer.join(), clock, 4, task -> new Thread(task).start());
        first.put(Leases.live(1, "shop#1")).join();
        CompletableFuture<Janitor.Sweep> pass = janitor.sweep();
        LeaseStore second = open();

        CompletableFuture<Janitor.Sweep> next = janitor.sweep();

        assertThat(first.otherProcess()).isPresent();
        second.mend().join();
        assertThat(second.otherProcess()).isPresent();
        assertThat(pass).isNotDone();
        answer.complete(true);
        next.get(1, TimeUnit.MINUTES);
    }

    /** Somebody sets the clock, forwards or back, between two looks. */
    @ParameterizedTest
    @ValueSource(longs = {0, 600, -3})
    void bothKnowOfTheOtherWhateverTheClockSays(long hours) throws Exception {
        LeaseStore first = open();
        LeaseStore second = open();
        first.mend().join();
        second.mend().join();
        first.mend().join();
        clock.advance(Duration.ofHours(hours));
        first.mend().join();
        assertThat(first.otherProcess()).isPresent();
        assertThat(second.otherProcess()).isPresent();
    }

    /** The name that a process of another user wrote, 0600, as HomeLock.write itself makes it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondProcessIsSeenThoughTheFormersNameCannotBeRead(boolean anothers) throws Exception {
        Files.createDirectories(directory);
        Path holder = directory.resolve("lock-holder");
        Files.writeString(holder, "process 3 of another user");
        var disk = new Leases.UnlockedDisk() {
            private boolean isAnothers = anothers;

            @Override
            public Optional<Disk.Lock> lock(Path file, byte[] name) {
                if (!isAnothers) {
                    try {
                        Files.write(holder, name);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return Optional.of(() -> {});
            }

            @Override
            public byte[] read(Path file) throws IOException {
                if (isAnothers && file.equals(holder)) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.read(file);
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                if (to.equals(holder)) {
                    isAnothers = false; // Ours now: the directory is writable.
                }
            }
        };
        LeaseStore store = Leases.store(directory, clock, disk);
        store.mend().join();
        disk.isAnothers = false;
        Files.write(holder, "process 7 on another machine".getBytes(StandardCharsets.UTF_8));
        clock.advance(Duration.ofMinutes(1));
        store.mend().join();
        assertThat(store.otherProcess()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsPromisedAfterTheSecondHasEndedIsKept(boolean lockIsReadByABackup) throws Exception {
        Path directory = place.resolve("leases");
        LeaseStore first = Leases.store(directory, clock, new LocalDisk());
        first.put(Leases.live(1, "shop#1")).join();
        if (lockIsReadByABackup) {
            Files.readAllBytes(directory.resolve("lock"));
        }
        assertThat(second()).isEqualTo(lockIsReadByABackup ? 0 : REFUSED);
        first.mend().join();
        assertThat(first.otherProcess().isPresent()).as("seen").isEqualTo(lockIsReadByABackup);
        first.put(Leases.live(2, "shop#2")).join();
        first.mend().join();
        first.close().join(); // In order.
        LeaseStore again = Leases.store(directory, clock, new LocalDisk());
        assertThat(again.leases()).extracting(Lease::buildId).containsExactlyInAnyOrder("shop#1", "shop#2");
        again.close().join();
    }

    private int second() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Second.class.getName(),
                        directory.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Or whoever deletes it lets in a second. */
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "lock", "folder"})
    void theSecondIsRefusedAlsoAfterTheLockWasDeleted(String deleted) throws Exception {
        LeaseStore first = Leases.store(directory, clock, new LocalDisk());
        first.put(Leases.live(1, "shop#1")).join();
        if (!deleted.equals("nothing")) {
            Files.delete(directory.resolve("lock"));
        }
        if (deleted.equals("folder")) {
            Files.move(directory, place.resolve("elsewhere"));
        }

        first.mend().join();

        assertThat(second()).isEqualTo(REFUSED);
        assertThat(first.otherProcess()).isEmpty();
        first.close().join();
        assertThat(second()).isZero();
    }
}
