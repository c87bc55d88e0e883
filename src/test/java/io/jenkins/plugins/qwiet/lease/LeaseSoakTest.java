package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link LeaseSoak}. */
class LeaseSoakTest {
    @TempDir
    Path directory;

    @Test
    void leavesNothingThoughAFifthOfAllCallsFail() throws IOException, InterruptedException {
        try (var soak = new LeaseSoak(directory.resolve("leases"), 0.2, 7)) {
            LeaseSoak.Figures figures = soak.run(100);
            // On a busy machine calls take longer than they may, which is one more failure.
            assertThat(figures.handedOut()).isGreaterThan(10);
            assertThat(figures.made()).isGreaterThanOrEqualTo(figures.handedOut());
            assertThat(figures.left()).isZero();
            assertThat(figures.leasesLeft()).isZero();
        }
    }
}
