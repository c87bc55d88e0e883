package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Since when a lease has been failing. */
class FailingSinceTest {
    @Test
    void isWhenItBegan() {
        Lease lease = Leases.live(1, "shop#1").failed("no answer", Leases.NOON);
        assertThat(lease.failed("403", Leases.NOON.plusSeconds(60)).failingSince())
                .isEqualTo(Leases.NOON);
    }

    /** Or nobody would be warned before the clock has caught up. */
    @Test
    void isNotInTheFutureOnceTheClockIsPutRight() {
        Lease lease = Leases.live(1, "shop#1").failed("no answer", Leases.NOON.plus(Duration.ofDays(60)));
        assertThat(lease.notAllowed("403", Leases.NOON).failingSince()).isEqualTo(Leases.NOON);
    }
}
