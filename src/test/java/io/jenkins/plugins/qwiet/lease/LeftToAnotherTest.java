package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator left to another Jenkins is left to it for good. */
class LeftToAnotherTest extends BehindABox {
    /** What was left to another is left to it after a restart too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsDoneAboutWhatWasLeftToAnotherAfterARestart(boolean restarted) throws Exception {
        Lease lease = ((MintResult.Minted) world.mint("shop#1")).lease();
        startAt("/elsewhere");
        world.store.forgetResting().join();
        if (restarted) {
            startAt("/elsewhere");
        }
        assertThat(world.leasing.revoke(world.client(), lease).join()).isInstanceOf(Revocation.Failed.class);
        assertThat(world.tokens).hasSize(1);
    }
}
