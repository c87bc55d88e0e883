package io.jenkins.plugins.qwiet.lease;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes, changes and ends leases on threads that may block, and says why the disk did not take it. Safe on any thread.
 * The methods whose name ends in {@code Now} work on the calling thread instead, which may then block.
 */
final class LeaseWriter {
    private static final Logger LOGGER = Logger.getLogger(LeaseWriter.class.getName());

    private interface Change {
        void make() throws IOException;
    }

    private final LeaseStore store;
    private final Clock clock;
    private final Executor threads;
    // Their tokens are surely gone; only the disk refused to delete their files.
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    LeaseWriter(LeaseStore store, Clock clock, Executor threads) {
        this.store = store;
        this.clock = clock;
        this.threads = threads;
    }

    /** Writes a new lease. Empty if the disk took it. */
    CompletableFuture<Optional<String>> open(Lease intent) {
        return run(() -> store.put(intent));
    }

    /** Changes a lease, if it is there. What the disk does not take holds until the process ends, and is no failure. */
    CompletableFuture<Void> update(String nonce, UnaryOperator<Lease> change) {
        return run(() -> store.update(nonce, change)).thenAccept(problem -> {});
    }

    /** Changes a lease, or what it was at first if it is not there. Empty if the disk took it. */
    Optional<String> updateNow(Lease atFirst, UnaryOperator<Lease> change) {
        return make(() -> store.update(atFirst, change));
    }

    /** Marks that the token is no longer used; as {@link #update}. */
    CompletableFuture<Void> release(String nonce) {
        return update(nonce, lease -> lease.released(clock.instant()));
    }

    /** Removes a lease whose token is surely gone. */
    CompletableFuture<Void> end(String nonce) {
        return run(() -> store.remove(nonce)).thenAccept(problem -> noteEnd(nonce, problem));
    }

    /** Removes a lease whose token is surely gone. */
    void endNow(String nonce) {
        noteEnd(nonce, make(() -> store.remove(nonce)));
    }

    /** Whether the token is surely gone, though the disk kept its lease. */
    boolean hasEnded(String nonce) {
        return ended.contains(nonce);
    }

    private void noteEnd(String nonce, Optional<String> problem) {
        if (problem.isPresent()) {
            ended.add(nonce);
        } else {
            ended.remove(nonce);
        }
    }

    private static Optional<String> make(Change change) {
        try {
            change.make();
            return Optional.empty();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "A lease could not be written", e);
            return Optional.of(e.toString());
        }
    }

    private CompletableFuture<Optional<String>> run(Change change) {
        try {
            return CompletableFuture.supplyAsync(() -> make(change), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Optional.of("Jenkins is shutting down."));
        }
    }
}
