package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that closes, one beside another, and one on a disk that hangs. */
@Timeout(60)
class ClosingStoreTest {
    @TempDir
    Path home;

    private final FakeClock clock = new FakeClock(Leases.TEN);

    private LeaseStore open(Disk disk) throws IOException {
        return Leases.store(home.resolve("leases"), clock, disk);
    }

    /** Refuses to write anything for a while. */
    private static final class FullDisk extends Leases.UnlockedDisk {
        private boolean full;

        @Override
        public OpenFile create(Path file) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            OpenFile real = super.create(file);
            return new PassingFile(real) {
                @Override
                public void append(byte[] bytes) throws IOException {
                    if (full) {
                        throw new IOException("No space left on device");
                    }
                    real.append(bytes);
                }
            };
        }
    }

    @Test
    void whatTheDiskRefusedForAMomentIsWritten() throws Exception {
        var disk = new FullDisk();
        LeaseStore store = open(disk);
        store.put(Leases.live(1, "old#1")).join();
        store.put(Leases.live(2, "shop#1")).join();
        disk.full = true;
        assertThat(store.move("old", "new")).isCompletedExceptionally();
        new LeaseWriter(store, clock).release(Leases.nonce(2)).join();
        disk.full = false;

        store.close().join();

        LeaseStore after = open(disk);
        assertThat(after.find(Leases.nonce(1)).orElseThrow().buildId()).isEqualTo("new#1");
        assertThat(after.find(Leases.nonce(2)).orElseThrow().releasedAt()).isNotNull();
    }

    /** As where a file system knows no locks. */
    private static class NoLocks extends Leases.UnlockedDisk {
        @Override
        public Optional<Disk.Lock> lock(Path file, byte[] holder) {
            try {
                Files.write(Disk.holderOf(file), holder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Optional.of(() -> {});
        }
    }

    /** The janitor's timer runs on while Jenkins goes down, and the next Jenkins has begun. */
    @Test
    void tellsNobodyOfASecondProcess() throws Exception {
        LeaseStore first = open(new NoLocks());
        first.put(Leases.live(1, "shop#1")).join();
        first.close().join();
        clock.advance(Duration.ofSeconds(2));
        LeaseStore second = open(new NoLocks());

        first.mend().join();
        second.mend().join();

        assertThat(second.otherProcess()).isEmpty();
        assertThat(first.otherProcess()).isEmpty();
    }

    @Test
    void twoThatStartAtOnceSeeEachOther() throws Exception {
        var second = new ArrayList<LeaseStore>();
        LeaseStore first = open(new NoLocks() {
            @Override
            public Optional<Disk.Lock> lock(Path file, byte[] holder) {
                Optional<Disk.Lock> lock = super.lock(file, holder);
                clock.advance(Duration.ofMillis(5));
                try {
                    second.add(open(new NoLocks()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return lock;
            }
        });
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofMinutes(1));
            first.mend().join();
            second.get(0).mend().join();
        }
        assertThat(first.otherProcess()).isPresent();
        assertThat(second.get(0).otherProcess()).isPresent();
    }

    @Test
    void closingTwiceUnlocksNothingThatIsStillWritten() throws Exception {
        var locked = new AtomicBoolean();
        List<Runnable> held = new ArrayList<>();
        var disk = new Leases.UnlockedDisk() {
            @Override
            public Optional<Disk.Lock> lock(Path file, byte[] holder) {
                locked.set(true);
                return Optional.of(() -> locked.set(false));
            }
        };
        LeaseStore store = Leases.store(home.resolve("leases"), clock, disk, held::add);
        var put = store.put(Leases.live(1, "shop#1"));
        store.close();
        store.close();
        assertThat(put).isNotDone();
        assertThat(locked).isTrue();
        while (!held.isEmpty()) {
            held.remove(0).run();
        }
        assertThat(put).isCompleted();
        assertThat(locked).isFalse();
    }

    /** The mark is written before the first lease, and now and then again. */
    @Test
    void nobodyWaitsForADiskThatHangsAtTheMark() throws Exception {
        var there = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var disk = new Leases.UnlockedDisk() {
            @Override
            public OpenFile create(Path file) throws IOException {
                if (file.getFileName().toString().startsWith("owner")) {
                    there.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return super.create(file);
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            LeaseStore store = Leases.store(home.resolve("leases"), clock, disk, threads);
            store.put(Leases.live(1, "shop#1"));
            there.await();
            // On this thread: it comes back, or the test does not end.
            var put = store.put(Leases.live(2, "shop#2"));
            store.end(Leases.live(1, "shop#1"));
            assertThat(store.leases()).extracting(Lease::buildId).containsExactly("shop#2");
            assertThat(store.resting()).isEmpty();
            assertThat(put).isNotDone();
            for (int i = 0; i < 8; i++) {
                store.mend();
            }
            assertThat(threads.submit(() -> "free").get(1, TimeUnit.MINUTES)).isEqualTo("free");
        } finally {
            never.countDown();
            threads.shutdown();
            // It must not write any more when its directory is deleted.
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
