package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.health.HealthCheck;
import hudson.model.Result;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.time.Duration;
import java.time.Instant;
import jenkins.metrics.api.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The health check of the plugin Metrics is bad while revocations have failed for too long, and not before or after. */
class HealthOfRevocationsTest extends OnJenkins {
    @AfterEach
    void goOnByTheRealClock() {
        JenkinsLeases.get().setTime(null);
    }

    private static HealthCheck.Result health() {
        return Metrics.healthCheckRegistry().runHealthCheck("qwiet-ci-tokens");
    }

    private static long failingSeconds() {
        var gauge = (Gauge<?>) Metrics.metricRegistry().getGauges().get("qwiet.leases.failing.seconds");
        return ((Number) gauge.getValue()).longValue();
    }

    private void failFor(Duration time) throws Exception {
        qwiet.faultAlways(Fault.status(Operation.DELETE, 500, "BROKEN", "oh"));
        JenkinsLeases.get().setTime(new FakeClock(Instant.now().minus(time)));
        build(Result.SUCCESS, "withQwietCiToken(label: 'x') { }");
        JenkinsLeases.get().setTime(null);
        JenkinsLeases.get().janitor().sweepAll().get();
        assertThat(JenkinsLeases.get().leasing().store().leases())
                .singleElement()
                .satisfies(lease -> assertThat(lease.failingSince()).isNotNull());
    }

    private void recover() throws Exception {
        qwiet.clearFaults();
        JenkinsLeases.get().janitor().sweepAll().get();
        assertThat(qwiet.organization().liveTokens()).isEmpty();
    }

    @Test
    void isGoodInTheFirstQuarterOfAnHour() throws Exception {
        failFor(Duration.ofMinutes(14));

        assertThat(health().isHealthy()).isTrue();

        recover();
    }

    @Test
    void isBadAfterItAndGoodWhenTheTokenIsRevoked() throws Exception {
        failFor(Duration.ofMinutes(16));

        HealthCheck.Result bad = health();
        assertThat(bad.isHealthy()).isFalse();
        assertThat(bad.getMessage())
                .startsWith(
                        "Qwiet CI tokens that could not be revoked for 15 minutes or longer: 1, the first one since ");
        assertThat(failingSeconds())
                .isBetween(
                        Duration.ofMinutes(16).toSeconds() - 5,
                        Duration.ofMinutes(18).toSeconds());

        recover();

        assertThat(health().isHealthy()).isTrue();
    }
}
