package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Mints tokens under a lease, until they are given back.
 *
 * <p>Safe on any thread. No method blocks: files are written on the executor's threads, and what depends on a returned
 * future may run there or on a thread of the HTTP client.
 */
public final class Leasing {
    private static final Logger LOGGER = Logger.getLogger(Leasing.class.getName());

    /** What a mint in progress needs. */
    record Parts(
            Leasing leasing,
            LeaseStore store,
            Clock clock,
            Supplier<String> nonces,
            LeaseWriter files,
            InFlight flights,
            LeaseRevoker revoking) {}

    private final Parts parts;
    private final Map<String, CompletableFuture<Revocation>> revocations = new ConcurrentHashMap<>();

    /**
     * @param store of which nothing else mints
     * @param nonces as {@link TokenDescription} wants them, never the same twice; {@link Nonces} in earnest
     * @param fileWork its threads write and sync small files; a handful of threads is enough
     */
    public Leasing(
            @NonNull LeaseStore store,
            @NonNull Clock clock,
            @NonNull Supplier<String> nonces,
            @NonNull Executor fileWork) {
        var files = new LeaseWriter(fileWork);
        parts = new Parts(this, store, clock, nonces, files, new InFlight(), new LeaseRevoker(store, clock, files));
    }

    /**
     * Mints a token. Cancelling the future cancels the call; what came of it is then found out and revoked in the
     * background, if need be by the {@link Janitor}.
     *
     * @return completes normally, whatever happens on the network and on the disk
     * @throws IllegalArgumentException if the supplier of nonces gives what is none
     */
    @NonNull
    public CompletableFuture<MintResult> mint(@NonNull QwietClient client, @NonNull MintRequest order) {
        return new Minting(parts, client, order).begin();
    }

    /**
     * Revokes a lease's token; looks for it by its nonce if only the intent is known. If the lease is being minted,
     * waits for that first. May be called again, and at the same time: there is one call to Qwiet.
     *
     * @return completes normally, whatever happens on the network and on the disk; cancelling it changes nothing
     */
    @NonNull
    public CompletableFuture<Revocation> revoke(@NonNull QwietClient client, @NonNull Lease lease) {
        String nonce = lease.nonce();
        return shared(
                nonce,
                () -> parts.flights()
                        .landing(nonce)
                        .thenCompose(landed -> parts.revoking()
                                .revoke(client, parts.store().find(nonce).orElse(lease))));
    }

    /**
     * Marks that nobody uses a token any more, though its build may run on. Nothing happens if there is no such lease.
     *
     * @return completes when that is written; if the disk refuses, the mark holds until the process ends
     */
    @NonNull
    public CompletableFuture<Void> release(@NonNull String nonce) {
        return parts.store()
                .find(nonce)
                .map(lease -> parts.revoking()
                        .update(lease, l -> l.released(parts.clock().instant())))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /** Where the open leases are. */
    @NonNull
    public LeaseStore store() {
        return parts.store();
    }

    /** {@link #revoke} for an intent, after a search that served others too. */
    CompletableFuture<Revocation> revokeFound(QwietClient client, Lease intent, NonceSearch.Found found) {
        return shared(intent.nonce(), () -> parts.revoking().found(client, intent, found));
    }

    boolean isMinting(String nonce) {
        return parts.flights().isUnderWay(nonce);
    }

    LeaseRevoker revoking() {
        return parts.revoking();
    }

    private CompletableFuture<Revocation> shared(String nonce, Supplier<CompletableFuture<Revocation>> revocation) {
        var mine = new CompletableFuture<Revocation>();
        CompletableFuture<Revocation> running = revocations.putIfAbsent(nonce, mine);
        if (running != null) {
            return running.copy();
        }
        CompletableFuture.completedFuture(mine)
                .thenCompose(begin -> revocation.get())
                .exceptionally(Leasing::unexpected)
                .thenAccept(done -> {
                    revocations.remove(nonce, mine);
                    mine.complete(done);
                });
        return mine.copy();
    }

    private static Revocation unexpected(Throwable thrown) {
        LOGGER.log(Level.WARNING, "LeaseRevoker ended in an unexpected way", thrown);
        return new Revocation.Failed("An unexpected error (" + thrown.getClass().getSimpleName() + ").");
    }
}
