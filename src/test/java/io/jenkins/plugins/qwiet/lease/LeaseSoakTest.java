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
            assertThat(figures.handedOut()).isGreaterThan(50);
            assertThat(figures.made()).isGreaterThanOrEqualTo(figures.handedOut());
            assertThat(figures.left()).isZero();
            assertThat(figures.leasesLeft()).isZero();
        }
    }
}
