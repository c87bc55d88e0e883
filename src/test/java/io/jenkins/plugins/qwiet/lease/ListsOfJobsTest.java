package io.jenkins.plugins.qwiet.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Listed;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.fake.RawServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each job finds its own credential by the same id. */
class ListsOfJobsTest extends BehindABox {
    private static final class May extends PassingClient {
        private final boolean list;
        private final int status;

        May(QwietClient client, boolean list, int status) {
            super(client);
            this.list = list;
            this.status = status;
        }

        @Override
        public CompletableFuture<Outcome<Listed>> list(ListQuery query, Listing each) {
            if (list) {
                return real.list(query, each);
            }
            return CompletableFuture.completedFuture(
                    status == 403
                            ? new Outcome.Refused<>(403, "FORBIDDEN", "scope", List.of())
                            : status == 206
                                    ? new Outcome.Done<>(new Listed(0, false))
                                    : status == 429
                                            ? new Outcome.NotSent<>("HTTP 429", Duration.ofSeconds(600))
                                            : new Outcome.Unsure<>(
                                                    "HTTP 503",
                                                    status == 503
                                                            ? Duration.ofSeconds(600)
                                                            : status == 504 ? Duration.ofSeconds(30) : null,
                                                    null));
        }
    }

    /** The client of some jobs may not list, or fails; that of another may. Of one account: its id is looked up by job. */
    @ParameterizedTest
    @CsvSource({
        "1,500", "30,500", "1,403", "5,403", "10,403", "1,503", "10,503", "30,503", "30,504", "30,429", "1,206",
        "10,206", "30,206"
    })
    void aListThatSomeMayNotHaveHoldsUpNoOther(int bad, int status) throws Exception {
        world.buildRuns = false;
        world.credentials =
                lease -> Optional.of(new May(world.client(), !lease.job().startsWith("bad"), status));
        var box = new AtomicBoolean(true);
        world.box = (request, out) -> {
            if (request.method().equals("POST")) {
                if (request.body().contains("good")) {
                    world.make(request.body());
                }
                RawServer.send(out, "504 T", "<html>");
                return true;
            } else if (request.method().equals("GET") && box.get()) {
                RawServer.send(out, "500 T", "<html>");
                return true;
            }
            return false;
        };
        for (int i = 0; i < bad; i++) {
            world.mint("bad-" + i + "#1");
            world.pass(Duration.ofSeconds(1));
        }
        world.mint("good#1");
        box.set(false);
        int bound = 40 + bad + 60 + 10;
        int minutes = 0;
        while (!world.tokens.isEmpty() && minutes < 24 * 60) {
            world.sweep(1);
            minutes++;
        }
        assertThat(minutes)
                .as("until the token of good#1 is revoked, with %d that fail", bad)
                .isLessThanOrEqualTo(bound);
    }

    /** The same for leases that have ended: a twin of good#1 is looked for. */
    @ParameterizedTest
    @CsvSource({
        "3,500", "9,500", "19,500", "20,500", "39,500", "40,500", "43,500", "79,500", "39,403", "19,403", "3,403"
    })
    void endedLeasesOfJobsThatMayNotListHoldUpNoTwin(int bad, int status) throws Exception {
        world.buildRuns = true;
        world.credentials =
                lease -> Optional.of(new May(world.client(), !lease.job().startsWith("bad"), status));
        for (int i = 0; i < bad; i++) {
            world.mint("bad-" + i + "#1");
        }
        Lease good = ((MintResult.Minted) world.mint("good#1")).lease();
        String twin = world.make("{\"label\":\"label\",\"description\":\"[jenkins:" + good.nonce() + " -]\"}");
        for (Lease lease : world.store.leases()) {
            world.leasing.revoke(world.client(), lease).join();
        }
        assertThat(world.tokens).containsOnlyKeys(twin);
        int bound = 40 + bad + 60 + 10;
        int minutes = 0;
        while (!world.tokens.isEmpty() && minutes < 24 * 60) {
            world.sweep(1);
            minutes++;
        }
        assertThat(minutes).isLessThanOrEqualTo(bound);
    }
}
