package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Revokes the tokens of leases, one call for one lease at a time, and writes down what came of it. Safe on any thread. */
final class LeaseRevoker {
    /**
     * How long after an intent was given up its token can still turn up: a slow server may handle a call whose caller
     * is long gone. Generous beside the 30 s that a call takes at most by default.
     */
    static final Duration SETTLE = Duration.ofMinutes(10);

    private static final Logger LOGGER = Logger.getLogger(LeaseRevoker.class.getName());

    private final LeaseStore store;
    private final Clock clock;
    private final LeaseWriter writer;
    private final InFlight mints;
    private final Map<String, CompletableFuture<Revocation>> revocations = new ConcurrentHashMap<>();

    LeaseRevoker(LeaseStore store, Clock clock, LeaseWriter writer, InFlight mints) {
        this.store = store;
        this.clock = clock;
        this.writer = writer;
        this.mints = mints;
    }

    /** Waits for a mint under way, then revokes; joins a revocation of the same lease that is under way. */
    CompletableFuture<Revocation> revoke(QwietClient client, Lease lease) {
        String nonce = lease.nonce();
        return shared(
                nonce,
                () -> mints.landing(nonce)
                        .thenCompose(
                                landed -> revokeNow(client, store.find(nonce).orElse(lease))));
    }

    /** {@link #revoke} for an intent, after a search that served others too. */
    CompletableFuture<Revocation> revokeFound(QwietClient client, Lease intent, NonceSearch.Found found) {
        return shared(intent.nonce(), () -> found(client, intent, found));
    }

    /** {@link #revoke} called by the mint that is under way itself: does not wait for it. */
    CompletableFuture<Revocation> revokeNow(QwietClient client, Lease lease) {
        String nonce = lease.nonce();
        String tokenId = lease.tokenId();
        if (writer.hasEnded(nonce)) {
            return writer.end(nonce).thenApply(end -> new Revocation.Revoked(false));
        } else if (tokenId != null) {
            return delete(client, lease, List.of(tokenId), false);
        } else if (store.find(nonce).isEmpty()) {
            return CompletableFuture.completedFuture(new Revocation.Revoked(false));
        }
        return writer.release(nonce)
                .thenCompose(released -> NonceSearch.begin(client, Set.of(nonce), clock))
                .thenCompose(outcome -> outcome instanceof Outcome.Done<NonceSearch.Found> done
                        ? found(client, lease, done.value())
                        : failed(lease, outcome));
    }

    /** Ends an intent after the organization's tokens were searched for it. */
    CompletableFuture<Revocation> found(QwietClient client, Lease lease, NonceSearch.Found found) {
        List<String> ids = found.of(lease);
        if (!ids.isEmpty()) {
            return delete(client, lease, ids, false);
        }
        String nonce = lease.nonce();
        return !found.whole()
                        || found.begunAt().isBefore(settledAt(store.find(nonce).orElse(lease)))
                ? writer.update(nonce, l -> l.released(clock.instant()).recovered())
                        .thenApply(written -> new Revocation.NotListed())
                : writer.end(nonce).thenApply(end -> new Revocation.Revoked(false));
    }

    /** Writes down why a lease's token could not be revoked. */
    CompletableFuture<Revocation> failed(Lease lease, Outcome<?> outcome) {
        String reason = outcome.reason();
        boolean forbidden = Outcomes.forbidden(outcome);
        return writer.update(lease.nonce(), l -> {
                    Instant now = clock.instant();
                    return forbidden
                            ? l.released(now).notAllowed(reason)
                            : l.released(now).failed(reason, now);
                })
                .thenApply(written -> forbidden
                        ? new Revocation.NotAllowed(((Outcome.Refused<?>) outcome).message())
                        : new Revocation.Failed(reason, outcome instanceof Outcome.Refused<?>));
    }

    private CompletableFuture<Revocation> delete(QwietClient client, Lease lease, List<String> ids, boolean wasThere) {
        return Outcomes.to(() -> client.delete(ids.get(0))).thenCompose(outcome -> {
            if (!(outcome instanceof Outcome.Done<Boolean> done)) {
                return failed(lease, outcome);
            }
            boolean one = wasThere || done.value();
            // More than one carries the nonce if a proxy on the way repeated the call.
            if (ids.size() > 1) {
                return delete(client, lease, ids.subList(1, ids.size()), one);
            }
            // Here, on the thread that brought the answer: QwietClient says that it may wait for the disk.
            writer.endNow(lease.nonce());
            return CompletableFuture.completedFuture(new Revocation.Revoked(one));
        });
    }

    private Instant settledAt(Lease intent) {
        // Not released, it was sent by a process that is gone: at the latest when this one began.
        Instant sentBefore = intent.openedAt().isAfter(store.openedAt()) ? intent.openedAt() : store.openedAt();
        return Objects.requireNonNullElse(intent.releasedAt(), sentBefore).plus(SETTLE);
    }

    private CompletableFuture<Revocation> shared(String nonce, Supplier<CompletableFuture<Revocation>> revocation) {
        var mine = new CompletableFuture<Revocation>();
        CompletableFuture<Revocation> running = revocations.putIfAbsent(nonce, mine);
        if (running != null) {
            return running.copy();
        }
        CompletableFuture.completedFuture(mine)
                .thenCompose(begin -> revocation.get())
                .exceptionally(LeaseRevoker::unexpected)
                .thenAccept(done -> {
                    revocations.remove(nonce, mine);
                    mine.complete(done);
                });
        return mine.copy();
    }

    private static Revocation unexpected(Throwable thrown) {
        LOGGER.log(Level.WARNING, "Revoking ended in an unexpected way", thrown);
        return new Revocation.Failed("An unexpected error (" + thrown.getClass().getSimpleName() + ").");
    }
}
