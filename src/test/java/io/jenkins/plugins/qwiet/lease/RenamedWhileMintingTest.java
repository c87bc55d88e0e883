package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job gets another name between the moment when a lease is made of the old one and the moment when it is kept. */
class RenamedWhileMintingTest extends BehindABox {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachAttemptFollowsARename(int attempt) {
        renames(attempt);
        var posts = new AtomicLong();
        world.box = (request, out) -> {
            if (request.method().equals("POST") && posts.incrementAndGet() < attempt) {
                RawServer.send(out, "504 T", "<html>");
                return true;
            }
            return false;
        };
        var minted = (MintResult.Minted) world.mint();
        assertThat(minted.lease().buildId()).isEqualTo("store/old#1");
        assertThat(world.store.find(Leases.nonce(attempt)).orElseThrow().buildId())
                .isEqualTo("store/old#1");
    }

    /** What was moved before the request is called as the request says: a job of the old name may be there again. */
    @Test
    void aMoveOfBeforeTheRequestChangesNothing() {
        world.store.move("shop", "store").join();
        var minted = (MintResult.Minted) world.mint();
        assertThat(minted.lease().buildId()).isEqualTo("shop#1");
    }

    /** The request was made, and the credential is looked for, when the job is renamed. */
    @Test
    void aRequestThatWasMadeBeforeAMoveFollowsIt() {
        var request = new MintRequest(
                "label",
                "",
                Duration.ofHours(1),
                Account.ofJenkins("sa"),
                "shop#1",
                "https://jenkins.example/job/shop/1/");
        long asOf = world.leasing.moment();
        world.store.move("shop", "store").join();
        var minted = (MintResult.Minted)
                world.leasing.mint(world.client(), request, asOf).join();
        assertThat(minted.lease().buildId()).isEqualTo("store#1");
        assertThat(world.store.ofBuild("store#1")).hasSize(1);
    }

    @Test
    void manyMovesLaterTheLatestAreKnown() {
        for (int i = 0; i < 20_000; i++) {
            world.store.move("other" + i, "another" + i).join();
        }
        renames(1);
        assertThat(((MintResult.Minted) world.mint()).lease().buildId()).isEqualTo("store/old#1");
    }

    private void renames(int attempt) {
        var nonces = new AtomicLong();
        world.leasing = new Leasing(world.store, world.clock, world.nanos::get, () -> {
            long number = nonces.incrementAndGet();
            if (number == attempt) {
                world.store.move("shop", "store").join();
                world.store.move("store", "store/old").join();
            }
            return Leases.nonce(number);
        });
    }
}
