package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Revokes the token of one lease, once, and writes down what came of it. */
final class LeaseRevoker {
    /**
     * How long after an intent was given up its token can still turn up: a slow server may handle a call whose caller
     * is long gone. Generous beside the 30 s that a call takes at most by default.
     */
    static final Duration SETTLE = Duration.ofMinutes(10);

    private final LeaseStore store;
    private final Clock clock;
    private final LeaseWriter files;
    // Their tokens are surely gone; only the disk refused to delete their files.
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    LeaseRevoker(LeaseStore store, Clock clock, LeaseWriter files) {
        this.store = store;
        this.clock = clock;
        this.files = files;
    }

    CompletableFuture<Revocation> revoke(QwietClient client, Lease lease) {
        String tokenId = lease.tokenId();
        if (ended.contains(lease.nonce())) {
            return end(lease.nonce()).thenApply(end -> new Revocation.Revoked(false));
        } else if (tokenId != null) {
            return delete(client, lease, List.of(tokenId), false);
        } else if (store.find(lease.nonce()).isEmpty()) {
            return CompletableFuture.completedFuture(new Revocation.Revoked(false));
        }
        return update(lease, l -> l.released(clock.instant()))
                .thenCompose(released -> NonceSearch.begin(client, Set.of(lease.nonce()), clock))
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
        Lease current = store.find(lease.nonce()).orElse(lease);
        CompletableFuture<Void> written = found.begunAt().isBefore(settledAt(current))
                ? update(current, l -> l.released(clock.instant()).recovered())
                : end(lease.nonce());
        return written.thenApply(w -> new Revocation.Revoked(false));
    }

    /** Writes down why a lease's token could not be revoked. */
    CompletableFuture<Revocation> failed(Lease lease, Outcome<?> outcome) {
        String reason = Outcomes.reason(outcome);
        boolean forbidden = Outcomes.forbidden(outcome);
        return update(lease, l -> {
                    Instant now = clock.instant();
                    return forbidden
                            ? l.released(now).notAllowed(reason)
                            : l.released(now).failed(reason, now);
                })
                .thenApply(written -> forbidden
                        ? new Revocation.NotAllowed(((Outcome.Refused<?>) outcome).message())
                        : new Revocation.Failed(reason, outcome instanceof Outcome.Refused<?>));
    }

    /** Removes a lease whose token is surely gone. */
    CompletableFuture<Void> end(String nonce) {
        return files.run(() -> store.remove(nonce)).thenAccept(problem -> noteEnd(nonce, problem));
    }

    private void noteEnd(String nonce, Optional<String> problem) {
        if (problem.isPresent()) {
            ended.add(nonce);
        } else {
            ended.remove(nonce);
        }
    }

    boolean hasEnded(String nonce) {
        return ended.contains(nonce);
    }

    /** Changes a lease. What the disk does not take holds until the process ends, and is not worth failing for. */
    CompletableFuture<Void> update(Lease lease, UnaryOperator<Lease> change) {
        return files.run(() -> store.update(lease.nonce(), change)).thenAccept(problem -> {});
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
            noteEnd(lease.nonce(), LeaseWriter.make(() -> store.remove(lease.nonce())));
            return CompletableFuture.completedFuture(new Revocation.Revoked(one));
        });
    }

    private Instant settledAt(Lease intent) {
        Instant releasedAt = intent.releasedAt();
        if (releasedAt != null) {
            return releasedAt.plus(SETTLE);
        }
        // Sent by a process that is gone: at the latest when this one began.
        Instant sentBefore = intent.openedAt().isAfter(store.openedAt()) ? intent.openedAt() : store.openedAt();
        return sentBefore.plus(SETTLE);
    }
}
