package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Patience patience = new Patience(nanos::get);

    private void asked(String call, Duration time) {
        patience.answered(call, new NotSent<>("429", time));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void nobodyWaitsUntilSomebodyIsAskedTo() {
        assertThat(patience.left()).isZero();
        patience.answered("a", new Unsure<>("cut"));
        patience.answered("a", new NotSent<>("429", null));
        patience.answered("a", new NotSent<>("429", Duration.ZERO));
        assertThat(patience.left()).isZero();
    }

    @Test
    void allWaitForAsLongAsOneIsAskedTo() {
        asked("a", MINUTE);
        assertThat(patience.left()).isEqualTo(MINUTE);
        pass(Duration.ofSeconds(59));
        patience.answered("b", new Done<>("served though"));
        assertThat(patience.left()).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        assertThat(patience.left()).isZero();
    }

    @Test
    void theLongestCountsButNoMoreThanAnHour() {
        asked("a", MINUTE.multipliedBy(5));
        asked("b", MINUTE);
        assertThat(patience.left()).isEqualTo(MINUTE.multipliedBy(5));
        patience.answered("c", new Unsure<>("503", Duration.ofDays(1), null));
        assertThat(patience.left()).isEqualTo(Patience.LONGEST);
    }

    @Test
    void whoIsAskedAgainThoughOthersWereServedWaitsAlone() {
        asked("a", MINUTE);
        pass(MINUTE);
        patience.answered("b", new Done<>("served"));
        pass(MINUTE);
        asked("a", MINUTE);
        assertThat(patience.left()).isZero();
        asked("c", MINUTE);
        assertThat(patience.left()).isEqualTo(MINUTE);
    }

    @Test
    void whoWasServedMeanwhileSpeaksForAllAgain() {
        asked("a", MINUTE);
        pass(MINUTE);
        patience.answered("a", new Done<>("served"));
        patience.answered("b", new Done<>("served"));
        pass(MINUTE);
        asked("a", MINUTE);
        assertThat(patience.left()).isEqualTo(MINUTE);
    }

    @Test
    void anEndIsForAll() {
        asked("a", MINUTE);
        patience.end();
        assertThat(patience.left()).isZero();
    }
}
