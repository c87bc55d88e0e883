package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many threads, small files that are begun anew all the time, and a disk that fails now and then. */
class ManyThreadsTest extends HomeOfLeases {
    @ParameterizedTest
    @CsvSource({"0,2000", "20,2000", "5,20000", "20,100000", "3,500"})
    void whatWasPromisedLastIsThere(int oneIn, int limit) throws Exception {
        var random = new Random(oneIn * 31L + limit);
        var on = new boolean[] {true};
        var disk = new Leases.UnlockedDisk() {
            void fail(String op) throws IOException {
                synchronized (random) {
                    if (on[0] && oneIn > 0 && random.nextInt(oneIn * 5) == 0) {
                        throw new IOException(op);
                    }
                }
            }

            @Override
            public OpenFile create(Path file) throws IOException {
                fail("create");
                OpenFile real = super.create(file);
                return new PassingFile(real) {
                    @Override
                    public void append(byte[] bytes) throws IOException {
                        synchronized (random) {
                            if (on[0] && oneIn > 0 && random.nextInt(oneIn * 5) == 0) {
                                real.append(java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                                throw new IOException("torn");
                            }
                        }
                        real.append(bytes);
                    }

                    @Override
                    public void sync() throws IOException {
                        fail("sync");
                    }
                };
            }

            @Override
            public void delete(Path file) throws IOException {
                fail("delete");
                super.delete(file);
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                fail("rename");
                super.rename(from, to);
            }
        };
        Map<String, Lease> promised = new ConcurrentHashMap<>();
        var pool = Executors.newFixedThreadPool(4);
        var threads = Executors.newFixedThreadPool(8);
        LeaseStore store = LeaseStore.open(new LeaseStore.Parts(
                directory,
                clock,
                System::nanoTime,
                new Home("/var/jenkins", "one machine", "one instance"),
                () -> UUID.randomUUID().toString(),
                disk,
                pool,
                limit));
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            all.add(threads.submit(() -> {
                for (int i = 0; i < 150; i++) {
                    long number = thread * 1000L + i;
                    Lease lease = Leases.intent(number, "shop#" + number);
                    if (!done(store, lease, promised)) {
                        continue;
                    }
                    Lease live = Leases.live(number, "shop#" + number);
                    // What the disk does not take holds until it does.
                    done(store, live, promised);
                    promised.put(live.nonce(), live);
                    if (i % 3 == 0) {
                        promised.remove(live.nonce());
                        store.remove(live.nonce()).join();
                    }
                    if (i % 50 == 0) {
                        store.mend().join();
                    }
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        on[0] = false;
        store.mend().join();
        assertThat(store.leases()).as("in memory").containsAll(promised.values());
        LeaseStore killed = Leases.store(directory, clock);
        assertThat(killed.leases()).as("on disk").containsAll(promised.values());
        assertThat(killed.setAside()).isEmpty();
        assertThat(store.disturbedAt()).isEmpty();
        store.close().join();
        pool.shutdown();
        threads.shutdown();
    }

    private static boolean done(LeaseStore store, Lease lease, Map<String, Lease> promised) {
        boolean ok = store.put(lease).handle((o, e) -> e == null).join();
        if (ok) {
            promised.put(lease.nonce(), lease);
        }
        return ok;
    }
}
