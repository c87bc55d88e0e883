package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look-up of a credential or of a build that never answers, or takes minutes, holds up no other lease. */
class HangingLookUpsTest {
    private static final int POISON = BoundedLookUps.AT_A_TIME + 4;
    private static final int GOOD = 5;
    private static final int MINUTES = 60;

    @TempDir
    Path directory;

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private QwietBehindABox world;

    @BeforeEach
    void start() throws IOException {
        world = new QwietBehindABox(directory);
        world.lookUps = this::onAThreadOfItsOwn;
    }

    @AfterEach
    void stop() throws IOException {
        never.countDown();
        world.close();
    }

    private void onAThreadOfItsOwn(Runnable task) {
        begun.incrementAndGet();
        var thread = new Thread(
                () -> {
                    task.run();
                    ended.incrementAndGet();
                },
                "look-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** Until all that was asked is answered, or hangs. */
    private void awaitLookUps() {
        while (begun.get() - ended.get() > asked.get()) {
            Thread.onSpinWait();
        }
    }

    private void mint() throws IOException {
        mint(POISON);
    }

    private void mint(int poison) throws IOException {
        for (int i = 1; i <= poison; i++) {
            world.mint("poison-" + i + "#1");
        }
        for (int i = 1; i <= GOOD; i++) {
            world.mint("shop#" + i);
        }
        world.restart();
        world.buildRuns = false;
    }

    private boolean hangs(Lease lease) {
        if (!lease.buildId().startsWith("poison")) {
            return false;
        }
        asked.incrementAndGet();
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return false;
    }

    /** As the timer does it; a pass has a moment of this test's time, and a minute of its world's. */
    private void sweepUntilOnlyPoisonIsLeft() throws Exception {
        sweepUntilOnlyPoisonIsLeft(POISON);
    }

    private void sweepUntilOnlyPoisonIsLeft(int poison) throws Exception {
        for (int minute = 0; minute < MINUTES && world.tokens.size() > poison; minute++) {
            CompletableFuture<Janitor.Sweep> sweep = world.janitor.sweep();
            awaitLookUps();
            try {
                sweep.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // The next one.
            }
            world.pass(Duration.ofMinutes(1));
        }
        assertThat(world.tokens).hasSize(poison);
    }

    /** The look-up of a build answers late, when its job has another name: what it found is about the old one. */
    @Test
    void aLateAnswerAboutABuildOfAnotherNameEndsNothing() throws Exception {
        var goOn = new CountDownLatch(1);
        world.builds = lease -> {
            if (lease.buildId().equals("shop#1")) {
                asked.incrementAndGet();
                await(goOn);
                return false;
            }
            return true;
        };
        world.restart();
        world.mint("shop#1");
        CompletableFuture<Janitor.Sweep> sweep = world.janitor.sweep();
        awaitLookUps();
        world.store.move("shop", "store").join();
        world.store.move("store", "shop").join();
        world.pass(Duration.ofMinutes(1));
        world.janitor.sweep();
        goOn.countDown();
        sweep.get(1, TimeUnit.MINUTES);
        while (ended.get() < begun.get()) {
            Thread.onSpinWait();
        }
        world.builds = lease -> true;
        world.janitor.sweep().get(1, TimeUnit.MINUTES);
        assertThat(world.tokens).hasSize(1);
    }

    /** The job is renamed while its credential is looked for. */
    @Test
    void whatWasNotInUseByAnotherNameIsAskedAgain() throws Exception {
        world.lookUps = Runnable::run;
        world.credentials = lease -> {
            world.store.move("shop", "store").join();
            return Optional.of(world.client());
        };
        world.builds = lease -> lease.buildId().equals("store#1");
        world.restart();
        world.mint("shop#1");
        world.janitor.sweep().get(1, TimeUnit.MINUTES);
        world.credentials = lease -> Optional.of(world.client());
        world.sweep(5);
        assertThat(world.tokens).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each eight that never answer cost the others a minute. */
    @Test
    void ofCredentialsOfVeryMany() throws Exception {
        world.credentials = lease -> hangs(lease) ? Optional.empty() : Optional.of(world.client());
        mint(260);
        sweepUntilOnlyPoisonIsLeft(260);
        assertThat(asked).hasValueLessThanOrEqualTo(260);
    }

    @Test
    void ofCredentials() throws Exception {
        world.credentials = lease -> hangs(lease) ? Optional.empty() : Optional.of(world.client());
        mint();
        sweepUntilOnlyPoisonIsLeft();
        // The last one may begin a moment after the others are gone.
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(asked).as("what hangs is not asked again").hasValue(POISON));
        assertThat(world.store.leases()).hasSize(POISON);
    }

    @Test
    void ofBuilds() throws Exception {
        world.builds = this::hangs;
        mint();
        sweepUntilOnlyPoisonIsLeft();
        Awaitility.await().untilAsserted(() -> assertThat(asked).hasValue(POISON));
    }

    @Test
    void theFirstPassGoesOnWithTheOthersWhenTheNextIsDue() throws Exception {
        world.credentials = lease -> hangs(lease) ? Optional.empty() : Optional.of(world.client());
        world.mint("poison#1");
        world.mint("shop#1");
        world.restart();
        world.buildRuns = false;
        CompletableFuture<Janitor.Sweep> first = world.janitor.sweep();
        awaitLookUps();
        world.pass(Duration.ofMinutes(1));
        world.janitor.sweep();
        assertThat(first.get(1, TimeUnit.MINUTES)).isEqualTo(new Janitor.Sweep(1, 0, 0, 0, 1));
        assertThat(world.tokens.keySet()).containsExactly("token-1");
        assertThat(world.store.leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.lastError()).contains("takes very long"));
    }

    @Test
    void whatIsKeptDoesWhereCredentialsHang() throws Exception {
        world.credentials = lease -> hangs(lease) ? Optional.empty() : Optional.of(world.client());
        world.kept = lease -> Optional.of(world.client());
        mint(3);
        sweepUntilOnlyPoisonIsLeft(0);
    }

    /** Each look-up takes minutes, but answers. */
    @Test
    void anAnswerThatComesLateIsUsed() throws Exception {
        world.credentials = lease -> hangs(lease) ? Optional.empty() : Optional.of(world.client());
        world.mint("poison#1");
        world.restart();
        world.buildRuns = false;
        CompletableFuture<Janitor.Sweep> first = world.janitor.sweep();
        awaitLookUps();
        world.pass(Duration.ofMinutes(1));
        world.janitor.sweep();
        first.get(1, TimeUnit.MINUTES);
        world.credentials = lease -> {
            throw new AssertionError("asked again");
        };
        never.countDown();
        while (ended.get() < begun.get()) {
            Thread.onSpinWait();
        }
        world.janitor.sweep().get(1, TimeUnit.MINUTES);
        assertThat(world.tokens).isEmpty();
        assertThat(asked).hasValue(1);
    }

    /** Without threads for look-ups, whoever sweeps may be held up, but not for the next. */
    @Test
    void onTheThreadOfWhoSweeps() throws Exception {
        world.lookUps = Runnable::run;
        world.credentials = lease -> hangs(lease) ? Optional.empty() : Optional.of(world.client());
        world.mint("poison#1");
        for (int i = 1; i <= GOOD; i++) {
            world.mint("shop#" + i);
        }
        world.restart();
        world.buildRuns = false;
        Executor timer = this::onAThreadOfItsOwn;
        for (int minute = 0; minute < MINUTES && world.tokens.size() > 1; minute++) {
            try {
                CompletableFuture.runAsync(() -> world.janitor.sweep().join(), timer)
                        .get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // The next one.
            }
            world.pass(Duration.ofMinutes(1));
        }
        assertThat(world.tokens.keySet()).containsExactly("token-1");
    }
}
