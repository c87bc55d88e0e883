package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file server that does not answer, such as a hard mount of NFS: to revoke a token takes no disk. */
class HangingDiskTest {
    private static final int TOKENS = 60;

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final ScriptedQwiet qwiet = new ScriptedQwiet(clock);
    private final DiskWithHooks disk = new DiskWithHooks();
    /** What waits for the disk. */
    private final Queue<Runnable> stuck = new ArrayDeque<>();

    private boolean hangs;
    private LeaseStore store;
    private Leasing leasing;
    private Janitor janitor;

    @BeforeEach
    void open() throws IOException {
        store = Leases.store(Path.of("/home/leases"), clock, disk, this::onDisk);
        for (int i = 1; i <= TOKENS; i++) {
            store.put(Leases.liveIn(qwiet, i, "shop#" + i, clock)).join();
        }
        leasing = new Leasing(store, clock, Leases.nonces());
        janitor = new Janitor(leasing, lease -> Optional.of(qwiet.client()), lease -> false, clock, 4);
    }

    private void onDisk(Runnable work) {
        if (hangs) {
            stuck.add(work);
        } else {
            work.run();
        }
    }

    private void answerAgain() {
        hangs = false;
        while (!stuck.isEmpty()) {
            stuck.remove().run();
        }
    }

    @Test
    void keepsNoTokenAliveThatTheJanitorCanRevoke() throws IOException {
        hangs = true;

        CompletableFuture<?> pass = janitor.sweep();

        assertThat(pass).isDone();
        assertThat(qwiet.tokens()).isEmpty();
        answerAgain();
        assertThat(store.leases()).isEmpty();
        assertThat(Leases.store(Path.of("/home/leases"), clock, disk).leases()).isEmpty();
    }

    /** Of which some fail at first: that is to be written down too. */
    @Test
    void keepsNoTokenAliveThatFailedOnce() {
        hangs = true;
        qwiet.outage(true);
        for (int i = 0; i < 5; i++) {
            assertThat(janitor.sweep()).isDone();
            clock.advance(Duration.ofMinutes(1));
        }
        qwiet.outage(false);

        // As Janitor says.
        for (int i = 0; i < 40; i++) {
            assertThat(janitor.sweep()).isDone();
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(qwiet.tokens()).isEmpty();
    }

    @Test
    void keepsNoBuildWaitingThatRevokesItsToken() {
        hangs = true;

        CompletableFuture<Revocation> revoked =
                leasing.revoke(qwiet.client(), store.leases().get(0));

        assertThat(revoked).isCompletedWithValue(new Revocation.Revoked(true));
        assertThat(qwiet.tokens()).hasSize(TOKENS - 1);
    }

    /** Nothing is asked for without a lease, however long the disk takes. */
    @Test
    void letsNoTokenBeMadeThatNoLeaseTellsOf() {
        hangs = true;

        CompletableFuture<MintResult> mint = leasing.mint(qwiet.client(), Leases.order("shop#99"));

        assertThat(mint).isNotDone();
        assertThat(qwiet.tokens()).hasSize(TOKENS);
        answerAgain();
        assertThat(mint).isCompletedWithValueMatching(MintResult.Minted.class::isInstance);
        assertThat(qwiet.tokens()).hasSize(TOKENS + 1);
    }
}
