package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What builds and callers want of leases that rest, since this home is a copy. */
class RestingLeasesTest extends BehindABox {
    private Lease lease;

    @BeforeEach
    void aTokenOfTheOriginal() {
        lease = ((MintResult.Minted) world.mint("shop#1")).lease();
    }

    private Revocation revoke() {
        return world.leasing.revoke(world.client(), lease).join();
    }

    @Test
    void nothingIsDoneThoughABuildGivesItBack() throws Exception {
        startAt("/elsewhere");
        world.leasing.release(lease.nonce()).join();
        assertThat(revoke())
                .isInstanceOfSatisfying(
                        Revocation.Failed.class,
                        failed -> assertThat(failed.reason()).contains("takes the lease over"));
        world.sweep(20);
        assertThat(world.tokens).hasSize(1);
        assertThat(world.store.isResting(lease.nonce())).isTrue();
    }

    @Test
    void whatWasGivenBackGoesWhenItIsTakenOver() throws Exception {
        startAt("/elsewhere");
        world.leasing.release(lease.nonce()).join();
        world.store.takeOverResting().join();
        world.sweep(20);
        assertThat(world.tokens).isEmpty();
    }

    @Test
    void thatItWasGivenBackIsKeptOnDisk() throws Exception {
        startAt("/elsewhere");
        world.leasing.release(lease.nonce()).join();
        startAt("/elsewhere");
        assertThat(world.store.isResting(lease.nonce())).isTrue();
        world.store.takeOverResting().join();
        assertThat(world.store.find(lease.nonce()).orElseThrow().releasedAt()).isNotNull();
    }

    @Test
    void whatIsInUseStaysWhenItIsTakenOver() throws Exception {
        startAt("/elsewhere");
        world.store.takeOverResting().join();
        world.sweep(20);
        assertThat(world.tokens).hasSize(1);
        assertThat(revoke()).isEqualTo(new Revocation.Revoked(true));
    }

    @Test
    void nothingIsDoneAboutWhatWasLeftToAnother() throws Exception {
        startAt("/elsewhere");
        world.store.forgetResting().join();
        assertThat(revoke()).isInstanceOf(Revocation.Failed.class);
        world.sweep(20);
        assertThat(world.tokens).hasSize(1);
    }
}
