package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What was left to another Jenkins goes on with its job and its build, for a person may have been wrong. */
class FormerDecisionsTest extends BehindABox {
    /** Left to another, then the job is moved, then the administrator decides again. */
    @Test
    void whatWasLeftFollowsItsJobAsWhatRestsDoes() throws Exception {
        world.mint("shop#1");
        startAt("/elsewhere");
        world.store.forgetResting().join();
        world.store.move("shop", "team/shop").join();
        RestingLease left = world.store.others().left().get(0);
        assertThat(left.lease().buildId()).isEqualTo("team/shop#1");
    }

    /** The same, as it matters: taken over, it is found by nobody under its former name. */
    @Test
    void whatIsDecidedAgainAfterAMoveIsTheJobs() throws Exception {
        world.mint("shop#1");
        startAt("/elsewhere");
        world.store.forgetResting().join();
        world.store.move("shop", "team/shop").join();
        world.store
                .others()
                .remember(List.of(world.store.others().left().get(0).owner()))
                .join();
        world.store.takeOverResting().join();
        assertThat(world.store.leases()).extracting(Lease::buildId).containsExactly("team/shop#1");
    }

    /** The block in the copy ends while it is left to another; then the administrator decides again. */
    @Test
    void whatEndedWhileItWasLeftIsReleasedWhenItIsTakenOver() throws Exception {
        Lease lease = ((MintResult.Minted) world.mint("shop#1")).lease();
        startAt("/elsewhere");
        world.store.forgetResting().join();
        world.leasing.release(lease.nonce()).join();
        world.store
                .others()
                .remember(List.of(world.store.others().left().get(0).owner()))
                .join();
        world.store.takeOverResting().join();
        assertThat(world.store.leases()).extracting(Lease::state).containsExactly(Lease.State.RELEASED);
    }
}
