package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Call;
import io.jenkins.plugins.qwiet.lease.ScriptedQwiet.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Builds that begin, cancel, release and end at the same time as a janitor sweeps, over calls that fail at random. */
class ConcurrentLivesTest {
    private static final int THREADS = 4;
    private static final int BUILDS_PER_THREAD = 15;
    // So that nothing ends because it expired.
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    // The clock goes on by half a minute a sweep: late, but before an intent counts as settled.
    private static final int SWEEPS_UNTIL_LATE = 5;

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final ExecutorService builds = Executors.newFixedThreadPool(THREADS + 1);
    private final ExecutorService fileWork = Executors.newFixedThreadPool(3);

    private final AtomicInteger atWork = new AtomicInteger();

    @TempDir
    Path directory;

    @AfterEach
    void end() throws InterruptedException {
        builds.shutdownNow();
        fileWork.shutdown();
        assertThat(fileWork.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @RepeatedTest(8)
    void nothingOutlivesItsBuildAndNothingInUseIsTouched(RepetitionInfo repetition) throws IOException {
        var store = Leases.store(directory.resolve("leases"), clock, new Leases.UnlockedDisk(), this::counted);
        var leasing = new Leasing(store, clock, TokenDescription::newNonce);
        var janitor = janitor(leasing);
        Instant begun = clock.instant();
        scriptFaults(new Random(repetition.getCurrentRepetition()));

        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            var random = new Random(100L * repetition.getCurrentRepetition() + thread);
            int number = thread;
            all.add(CompletableFuture.runAsync(() -> runBuilds(leasing, number, random), builds));
        }
        var everyBuild = CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        for (int sweeps = 1; !everyBuild.isDone(); sweeps++) {
            janitor.sweep().join();
            if (sweeps % SWEEPS_UNTIL_LATE == 0) {
                qwiet.catchUp();
            }
            if (clock.instant().isBefore(begun.plus(HALF_AN_HOUR))) {
                clock.advance(Backoff.FIRST);
            }
        }
        everyBuild.join();
        // What was cancelled is still being tidied up.
        await().until(() -> atWork.get() == 0);

        assertThat(Leases.store(directory.resolve("leases"), clock).leases())
                .containsExactlyInAnyOrderElementsOf(store.leases());
        assertThat(qwiet.tokens()).extracting(Token::id).containsAll(used);
        running.clear();
        qwiet.endScript();
        qwiet.catchUp();
        Janitor after = janitor(
                new Leasing(Leases.store(directory.resolve("leases"), clock), clock, TokenDescription::newNonce));
        for (int looks = 0; looks < 3; looks++) {
            clock.advance(LeaseRevoker.SETTLE);
            after.sweep().join();
        }
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(Leases.store(directory.resolve("leases"), clock).leases()).isEmpty();
    }

    private void counted(Runnable work) {
        atWork.incrementAndGet();
        fileWork.execute(() -> {
            try {
                work.run();
            } finally {
                atWork.decrementAndGet();
            }
        });
    }

    private Janitor janitor(Leasing leasing) {
        return new Janitor(
                leasing, lease -> Optional.of(qwiet.client()), lease -> running.contains(lease.buildId()), clock, 3);
    }

    private void runBuilds(Leasing leasing, int thread, Random random) {
        for (int i = 0; i < BUILDS_PER_THREAD; i++) {
            String build = "job-" + thread + "#" + i;
            running.add(build);
            CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order(build));
            if (random.nextInt(4) == 0) {
                mint.cancel(true);
            }
            if (!mint.isCancelled() && mint.join() instanceof MintResult.Minted minted) {
                use(leasing, minted, random);
            } else {
                running.remove(build);
            }
        }
    }

    private void use(Leasing leasing, MintResult.Minted minted, Random random) {
        String id = minted.token().id();
        assertThat(qwiet.tokens()).extracting(Token::id).as("in use").contains(id);
        switch (random.nextInt(4)) {
            case 0 -> used.add(id); // And goes on.
            case 1 -> leasing.release(minted.lease().nonce()).join();
            case 2 -> {
                leasing.revoke(qwiet.client(), minted.lease()).join();
                running.remove(minted.lease().buildId());
            }
            default -> running.remove(minted.lease().buildId());
        }
    }

    private void scriptFaults(Random random) {
        Turn[] faults = {Turn.LOST, Turn.ANSWER_LOST, Turn.LATE, Turn.NOT_SENT, Turn.UNAUTHORIZED, Turn.INVALID};
        for (Call call : Call.values()) {
            for (int i = 0; i < 200; i++) {
                qwiet.next(call, random.nextInt(3) > 0 ? Turn.SOUND : faults[random.nextInt(faults.length)]);
            }
        }
    }
}
