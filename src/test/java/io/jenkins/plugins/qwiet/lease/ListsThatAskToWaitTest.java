package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be revoked is revoked in time, though the clients of many jobs get no list, or may not revoke, or are to wait. */
class ListsThatAskToWaitTest extends HomeOfLeases {
    private static final class Client extends PassingClient {
        private final Outcome<?> list;
        private final Outcome<?> delete;

        /** Null for what works. */
        Client(QwietClient real, @CheckForNull Outcome<?> list, @CheckForNull Outcome<?> delete) {
            super(real);
            this.list = list;
            this.delete = delete;
        }

        @Override
        public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
            return list == null
                    ? real.list(query, each)
                    : CompletableFuture.completedFuture(list.map(impossible -> null));
        }

        @Override
        public CompletableFuture<Outcome<Boolean>> delete(String tokenId) {
            return delete == null
                    ? real.delete(tokenId)
                    : CompletableFuture.completedFuture(delete.map(impossible -> null));
        }
    }

    /** The clients of many jobs never get the list, and are asked to wait an hour each time; that of one job gets it. */
    @ParameterizedTest
    @CsvSource({
        "10,list,3600",
        "60,list,3600",
        "60,list,0",
        "60,list,600",
        "60,list,-403",
        "60,list,-500",
        "60,delete,3600",
        "60,delete,0",
        "60,delete,-403",
        "60,delete,-500",
        "60,both,3600",
        "60,both,0",
        "60,both,-500"
    })
    void whatCanBeRevokedIsRevokedWithinTheBound(int bad, String call, int how) throws Exception {
        var qwiet = new ScriptedQwiet(clock);
        LeaseStore store = Leases.store(directory, clock);
        Outcome<?> no = how == -403
                ? new Outcome.Refused<>(403, "FORBIDDEN", "You may not.", List.of())
                : how == -500
                        ? new Outcome.Unsure<>("HTTP 500")
                        : new Outcome.NotSent<>("429", Duration.ofSeconds(how));
        for (int i = 1; i <= bad + 1; i++) {
            Lease lease = Leases.liveIn(qwiet, i, "job" + i + "#1", clock);
            store.put(call.equals("delete") ? lease : Leases.intentOf(lease)).join();
            clock.advance(Duration.ofSeconds(1));
        }
        String good = "token-" + (bad + 1);
        var janitor = new Janitor(
                new Leasing(store, clock, Leases.nonces()),
                lease -> {
                    boolean isBad = !lease.job().equals("job" + (bad + 1));
                    return Optional.of(new Client(
                            qwiet.client(),
                            isBad && !call.equals("delete") ? no : null,
                            isBad && !call.equals("list") ? no : null));
                },
                lease -> false,
                clock,
                4);
        int minutes = 0;
        while (qwiet.tokens().stream().anyMatch(token -> token.id().equals(good)) && minutes < 3000) {
            janitor.sweep().join();
            clock.advance(Duration.ofMinutes(1));
            minutes++;
        }
        int hours = how > 0 || how == -403 ? call.equals("both") ? 2 : 1 : 0;
        assertThat(minutes).isLessThanOrEqualTo(40 + bad + 60 * hours + 10);
    }
}
