package io.jenkins.plugins.qwiet.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of {@link KillProof}. */
class KillProofTest {
    @Test
    void leavesNoTokenThoughJenkinsIsKilled() throws Throwable {
        try (var proof = new KillProof(7)) {
            KillProof.Figures figures = proof.run(3);
            assertThat(figures.minted()).isPositive();
            assertThat(figures.good()).as("%s", figures).isTrue();
        }
    }
}
