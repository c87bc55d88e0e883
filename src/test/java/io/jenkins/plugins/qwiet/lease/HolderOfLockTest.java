package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a process says of itself to whoever finds the leases locked. */
class HolderOfLockTest {
    private static String holder(String machine, Map<String, String> environment) {
        return HomeLock.holder(7, machine, environment, Leases.TEN);
    }

    @Test
    void aMachineIsNamed() {
        assertThat(holder("ci 4f1e", Map.of("HOSTNAME", "other")))
                .isEqualTo("process 7 on ci 4f1e, since " + Leases.TEN);
    }

    @Test
    void aContainerIsNamedByWhatItsEnvironmentCallsIt() {
        assertThat(holder("", Map.of("HOSTNAME", "8c1d0b6a2f3e")))
                .isEqualTo("process 7 on 8c1d0b6a2f3e, since " + Leases.TEN);
    }

    @Test
    void whereNoNameIsKnownNoneIsSaid() {
        assertThat(holder("", Map.of())).isEqualTo("process 7, since " + Leases.TEN);
        assertThat(holder("", Map.of("HOSTNAME", ""))).isEqualTo("process 7, since " + Leases.TEN);
    }
}
