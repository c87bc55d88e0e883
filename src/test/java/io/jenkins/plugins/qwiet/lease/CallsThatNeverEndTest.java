package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A client that is there to end each call, and does not. */
class CallsThatNeverEndTest extends HomeOfLeases {
    private static final class NeverRevokesAtFirst extends PassingClient {
        private int revocations;

        NeverRevokesAtFirst(QwietClient real) {
            super(real);
        }

        @Override
        public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
            return ++revocations == 1 ? new CompletableFuture<>() : real.delete(tokenId);
        }
    }

    @Test
    void aRevocationThatNeverEndsIsNotTheLastOfItsToken() throws Exception {
        var qwiet = new ScriptedQwiet(clock);
        LeaseStore store = Leases.store(directory, clock);
        Lease lease = Leases.liveIn(qwiet, 1, "shop#1", clock);
        store.put(lease).join();
        var leasing = new Leasing(store, clock, Leases.nonces());
        var client = new NeverRevokesAtFirst(qwiet.client());
        var janitor = new Janitor(leasing, l -> Optional.of(client), l -> false, clock, 4);

        CompletableFuture<Revocation> first = leasing.revoke(client, lease);
        for (int minute = 0; minute < 15; minute++) {
            janitor.sweep();
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(first).isNotDone();
        assertThat(qwiet.tokens()).isEmpty();
        assertThat(leasing.isRevoking(lease.nonce())).isFalse();
    }
}
