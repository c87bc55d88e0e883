package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.LaterWithoutThreads;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** "unable to create native thread": the limit of a container, for a moment. Pools throw an Error then. */
class NoThreadsTest extends HomeOfLeases {
    /** Runs what it is given later, on the thread of the test. */
    private static final class Pool implements Executor {
        final Queue<Runnable> waiting = new ArrayDeque<>();
        int errors;
        int after;

        @Override
        public void execute(Runnable task) {
            if (after > 0) {
                after--;
            } else if (errors > 0) {
                errors--;
                throw new OutOfMemoryError("unable to create native thread: possibly out of memory or process/resource"
                        + " limits reached");
            }
            waiting.add(task);
        }

        void run() {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                try {
                    next.run();
                } catch (Error e) {
                    // As on a thread of a pool.
                }
            }
        }
    }

    @Test
    void leasesAreWrittenAgainAfterAThreadWasMissingOnce() throws Exception {
        var pool = new Pool();
        LeaseStore store = Leases.store(directory, clock, new Leases.UnlockedDisk(), pool);
        CompletableFuture<Void> first = store.put(Leases.live(1, "shop#1"));
        pool.run();
        assertThat(first).isCompleted();

        pool.errors = 1;
        try {
            store.put(Leases.live(2, "shop#2"));
        } catch (OutOfMemoryError e) {
            // Its build fails.
        }
        pool.run();
        CompletableFuture<Void> third = store.put(Leases.live(3, "shop#3"));
        pool.run();

        assertThat(third).as("the lease of a later build").isCompleted();
    }

    /** The same when it is missing for those that came while others were written. */
    @Test
    void whoWaitsIsToldThoughThereIsNoThreadForTheNext() throws Exception {
        var pool = new Pool();
        LeaseStore[] store = new LeaseStore[1];
        var disk = new Leases.UnlockedDisk() {
            CompletableFuture<Void> during;

            @Override
            public OpenFile create(java.nio.file.Path file) throws java.io.IOException {
                OpenFile real = super.create(file);
                return new PassingFile(real) {
                    @Override
                    public void append(byte[] bytes) throws java.io.IOException {
                        if (store[0] != null && during == null) {
                            during = store[0].put(Leases.live(9, "shop#9"));
                        }
                        real.append(bytes);
                    }
                };
            }
        };
        store[0] = Leases.store(directory, clock, disk, pool);
        pool.after = 1;
        pool.errors = 1;
        CompletableFuture<Void> first = store[0].put(Leases.live(1, "shop#1"));
        pool.run();
        assertThat(first).as("what is on disk").isCompleted();
        CompletableFuture<Void> third = store[0].put(Leases.live(3, "shop#3"));
        pool.run();
        assertThat(third).as("the lease of a later build").isCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12})
    void theJanitorGoesOnAfterThreadsWereMissing(int times) throws Exception {
        var qwiet = new ScriptedQwiet(clock);
        LeaseStore store = Leases.store(directory, clock);
        store.put(Leases.liveIn(qwiet, 1, "shop#1", clock)).join();
        var pool = new Pool();
        var leasing = new Leasing(store, clock, Leases.nonces());
        var janitor = new Janitor(leasing, l -> Optional.of(qwiet.client()), l -> false, clock, 4, pool);
        for (int i = 0; i < times; i++) {
            pool.errors = 1;
            try {
                janitor.sweep();
            } catch (OutOfMemoryError e) {
                // Jenkins' timer logs it.
            }
            pool.run();
            clock.advance(Duration.ofMinutes(1));
        }
        pool.errors = 0;
        for (int i = 0; i < 60 && !qwiet.tokens().isEmpty(); i++) {
            janitor.sweep();
            pool.run();
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(qwiet.tokens()).as("an hour later").isEmpty();
    }

    /** Whoever joins a pass that could not begin is told. */
    @Test
    void aPassThatCouldNotBeginHoldsUpNobodyWhoJoinsIt() throws Exception {
        var qwiet = new ScriptedQwiet(clock);
        var pool = new Pool();
        LeaseStore store = Leases.store(directory, clock, new Leases.UnlockedDisk(), pool);
        var janitor = new Janitor(
                new Leasing(store, clock, Leases.nonces()), l -> Optional.of(qwiet.client()), l -> false, clock, 4);
        pool.errors = 1;
        try {
            janitor.sweep();
        } catch (OutOfMemoryError e) {
            // Jenkins' timer logs it.
        }
        CompletableFuture<Janitor.Sweep> joined = janitor.sweep();
        for (int i = 0; i < 30; i++) {
            pool.run();
            clock.advance(Duration.ofMinutes(1));
            janitor.sweep();
        }
        assertThat(joined).isCompleted();
    }

    /** A call is to be made again, and there is no thread for the time until then. */
    @Test
    void aRevocationDoesNotHangThoughThereIsNoThreadForTheNextTry() throws Exception {
        var qwiet = new QwietBehindABox(place.resolve("box"));
        try (qwiet) {
            qwiet.box = (request, out) -> {
                if (request.method().equals("DELETE")) {
                    io.jenkins.plugins.qwiet.fake.RawServer.send(out, "429 Too Many", "{}");
                    return true;
                }
                return false;
            };
            var errors = new AtomicInteger(1);
            var clients = LaterWithoutThreads.clients(qwiet.clock, qwiet.nanos::get, errors);
            var minted = (MintResult.Minted) qwiet.mint("shop#1");
            QwietClient client = clients.client(
                    new ConnectionSettings(Duration.ofSeconds(2), Duration.ofSeconds(4), null, "t"),
                    minted.lease().organization(),
                    SecretText.of("bearer-0123456789"));
            CompletableFuture<Revocation> revoked = qwiet.leasing.revoke(client, minted.lease());
            try {
                revoked.get(5, TimeUnit.SECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                // Asserted below.
            }
            assertThat(errors.get()).isLessThan(1);
            assertThat(qwiet.leasing.isRevoking(minted.lease().nonce()))
                    .as("a revocation is under way")
                    .isFalse();
        }
    }
}
