package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import hudson.AbortException;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.metrics.api.Metrics;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The place of the leases cannot be used when they are asked for the first time. */
class UnusableFolderTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

    private static HealthCheck.Result health() {
        return Metrics.healthCheckRegistry().runHealthCheck("qwiet-ci-tokens");
    }

    private static Object liveLeases() {
        return Metrics.metricRegistry().getGauges().get("qwiet.leases.live").getValue();
    }

    @Test
    void theReasonIsNamedAndWhatIsNotDone() throws Throwable {
        session.then(jenkins -> JenkinsLeases.get().leasing());
        Path leases = session.getHome().toPath().resolve("qwiet-ci-token").resolve("leases");
        FileUtils.deleteDirectory(leases.toFile());
        Files.writeString(leases, "");

        session.then(jenkins -> {
            assertThatThrownBy(() -> JenkinsLeases.get().leasing())
                    .isInstanceOf(AbortException.class)
                    .hasMessageContaining("No CI token is created or revoked here")
                    .hasMessageContaining(leases.toString())
                    .hasMessageContaining("FileAlreadyExistsException");
            assertThat(health().getMessage())
                    .isEqualTo("Leases of Qwiet CI tokens cannot be read from disk, so no build gets a token.");
            assertThat(liveLeases()).isNull();

            Files.delete(leases);
            assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
            assertThat(health().isHealthy()).isTrue();
            await().untilAsserted(() -> assertThat(liveLeases()).isEqualTo(0));
        });
    }
}
