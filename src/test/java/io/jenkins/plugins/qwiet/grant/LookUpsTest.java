package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody waits for another's look-up of a credential. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LookUpsTest {
    private final LookUps lookUps = new LookUps();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void end() {
        goOn.countDown();
    }

    private Runnable hanging(CountDownLatch begun) {
        return () -> {
            begun.countDown();
            await(goOn);
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertBegin(CountDownLatch begun) throws InterruptedException {
        assertThat(begun.await(30, TimeUnit.SECONDS))
                .as("%d have not begun", begun.getCount())
                .isTrue();
    }

    @Test
    void twoHundredSlowOnesOfOneJobGoOnAtOnce() throws Exception {
        var begun = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            lookUps.of("shop").execute(hanging(begun));
        }

        assertBegin(begun);
    }

    @Test
    void soDoThoseOfTwoHundredJobs() throws Exception {
        var begun = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            lookUps.of("shop" + i).execute(hanging(begun));
        }

        assertBegin(begun);
    }

    @Test
    void jobsWhoseLookUpsHangLeaveThreadsToOthers() throws Exception {
        int hanging = 10;
        // Each of them takes what is free beside it, but for what is kept.
        var most = new CountDownLatch(LookUps.MOST - LookUps.KEPT - hanging);
        for (int i = 0; i < LookUps.MOST; i++) {
            for (int job = 0; job < hanging; job++) {
                lookUps.of("hangs" + job).execute(hanging(most));
            }
        }
        most.await(5, TimeUnit.SECONDS);
        int others = LookUps.KEPT / LookUps.OF_A_JOB;
        var begun = new CountDownLatch(others);

        for (int i = 0; i < others; i++) {
            lookUps.of("shop" + i).execute(hanging(begun));
        }

        assertBegin(begun);
    }

    @Test
    void onlyThoseThatWaitForLongTakeMoreThreads() throws Exception {
        var now = new AtomicLong();
        var some = new LookUps(now::get, task -> new Thread(task).start());
        var begun = new CountDownLatch(LookUps.OF_A_JOB + 8);
        for (int i = 0; i < LookUps.OF_A_JOB + 8; i++) {
            some.of("shop").execute(hanging(begun));
        }
        assertThat(begun.await(1, TimeUnit.SECONDS)).isFalse();
        assertThat(begun.getCount()).isEqualTo(8);

        now.set(TimeUnit.SECONDS.toNanos(1));
        some.of("other").execute(() -> {});

        assertBegin(begun);
    }

    @Test
    void oneThatFailsIsFollowedByTheNext() throws Exception {
        var begun = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            lookUps.of("shop").execute(() -> {
                begun.countDown();
                throw new IllegalStateException("no such service");
            });
        }

        assertBegin(begun);
    }

    @Test
    void noneIsLostIfNoThreadCanBeHadForAMoment() throws Exception {
        var tries = new AtomicLong();
        var some = new LookUps(System::nanoTime, task -> {
            if (tries.incrementAndGet() < 4) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            new Thread(task).start();
        });
        var begun = new CountDownLatch(20);

        for (int i = 0; i < 20; i++) {
            some.of("shop" + i % 3).execute(begun::countDown);
        }

        assertBegin(begun);
    }
}
