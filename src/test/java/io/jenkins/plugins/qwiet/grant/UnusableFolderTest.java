package io.jenkins.plugins.qwiet.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.qwiet.harness.JenkinsSessions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The place of the leases cannot be used when they are asked for the first time. */
class UnusableFolderTest {
    @RegisterExtension
    final JenkinsSessions session = new JenkinsSessions();

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

            Files.delete(leases);
            assertThat(JenkinsLeases.get().leasing().store().leases()).isEmpty();
        });
    }
}
