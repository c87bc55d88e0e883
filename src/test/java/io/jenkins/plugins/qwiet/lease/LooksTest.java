package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LooksTest {
    private final AtomicLong nanos = new AtomicLong(1234);
    private final Looks looks = new Looks(nanos::get);

    private boolean look() {
        return looks.proves("n", looks.now(), Looks.SETTLE);
    }

    /** The janitor read the store before the intent was in it, and forgets the rest after the mint was sent. */
    @Test
    void aMintThatWasSentAMomentAgoIsNotForgotten() {
        looks.asks("n");
        looks.keepOnly(Set.of());
        assertThat(look()).isFalse();
        nanos.addAndGet(Looks.SETTLE.toNanos());
        assertThat(look()).as("the first look that counts").isFalse();
        nanos.addAndGet(Looks.SETTLE.toNanos());
        assertThat(look()).isTrue();
    }

    /** Another process may have asked for it a moment ago: Jenkins was restarted. */
    @Test
    void theFirstLookForWhatThisProcessDidNotAskForDoesNotCount() {
        assertThat(look()).isFalse();
        nanos.addAndGet(Looks.SETTLE.toNanos());
        assertThat(look()).as("the first look that counts").isFalse();
        nanos.addAndGet(Looks.SETTLE.toNanos());
        assertThat(look()).isTrue();
    }

    @Test
    void looksThatAreFarApartDoNotAgree() {
        nanos.addAndGet(Looks.APART.toNanos());
        assertThat(look()).isFalse();
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        assertThat(look()).isFalse();
        nanos.addAndGet(Looks.SETTLE.toNanos());
        assertThat(look()).isTrue();
    }
}
