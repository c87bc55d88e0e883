package io.jenkins.plugins.qwiet.lease;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/** Changes leases so that a disk that refuses is no exception, but a reason. Safe on any thread; nothing blocks. */
final class LeaseWriter {
    private final LeaseStore store;
    private final Clock clock;

    LeaseWriter(LeaseStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Writes a new lease. Empty when it is on disk, and else the reason why not.
     *
     * @param asOf the {@link LeaseStore#moment()} of its names
     */
    CompletableFuture<Optional<String>> open(Lease intent, long asOf) {
        return reason(store.put(intent, asOf));
    }

    /** Changes a lease, if it is there. What the disk does not take holds until the process ends, and is no failure. */
    CompletableFuture<Void> update(String nonce, UnaryOperator<Lease> change) {
        return reason(store.update(nonce, change)).thenAccept(problem -> {});
    }

    /** Changes a lease, or what it was at first, as of that moment, if it is not there. Empty when it is on disk, and else the reason why not. */
    CompletableFuture<Optional<String>> update(Lease atFirst, long asOf, UnaryOperator<Lease> change) {
        return reason(store.update(atFirst, asOf, change));
    }

    /** Marks that the token is no longer used; as {@link #update}. Of a lease that rests, it counts when that is taken over. */
    CompletableFuture<Void> release(String nonce) {
        return reason(store.release(nonce, clock.instant())).thenAccept(problem -> {});
    }

    /** Removes a lease whose token is surely gone. */
    CompletableFuture<Void> end(String nonce) {
        return store.remove(nonce);
    }

    private static CompletableFuture<Optional<String>> reason(CompletableFuture<Void> written) {
        return written.handle((ok, thrown) -> {
            Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            return cause == null ? Optional.empty() : Optional.of(cause.toString());
        });
    }
}
