package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Retry;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Mints tokens under a lease, until they are given back.
 *
 * <p>Safe on any thread. No method blocks: what depends on a returned future may run on a thread of the store for file
 * work, or on a thread of the HTTP client.
 */
public final class Leasing {
    /** What this package does its work with. */
    record Parts(
            LeaseStore store,
            Clock clock,
            LongSupplier nanoTime,
            Supplier<String> nonces,
            LeaseWriter writer,
            InFlight mints,
            Looks looks,
            EndedLeases ended,
            Witnesses witnesses,
            Unmarked unmarked,
            TokensTaken taken,
            TokenLists lists,
            LeaseRevoker revoker,
            LeaseWatcher watcher) {}

    private final Parts parts;

    /**
     * With pauses measured by what the clock shows, so that all of a simulated time is in one place.
     *
     * @see #Leasing(LeaseStore, Clock, LongSupplier, Supplier)
     */
    public Leasing(@NonNull LeaseStore store, @NonNull Clock clock, @NonNull Supplier<String> nonces) {
        this(store, clock, new ClockTicks(clock), nonces);
    }

    /**
     * @param store of which nothing else mints
     * @param clock for times that people read; nothing is decided by it
     * @param nanoTime for pauses: nanoseconds from any beginning, never back; {@link System#nanoTime} but in tests. The
     *     {@link Janitor} of these leases uses it too
     * @param nonces as {@link TokenDescription} wants them, never the same twice; {@link TokenDescription#newNonce} but
     *     in tests
     */
    public Leasing(
            @NonNull LeaseStore store,
            @NonNull Clock clock,
            @NonNull LongSupplier nanoTime,
            @NonNull Supplier<String> nonces) {
        this(store, clock, nanoTime, nonces, LeaseWatcher.NONE);
    }

    /**
     * The same, watched.
     *
     * @param watcher is told what comes of mints and revocations
     */
    public Leasing(
            @NonNull LeaseStore store,
            @NonNull Clock clock,
            @NonNull LongSupplier nanoTime,
            @NonNull Supplier<String> nonces,
            @NonNull LeaseWatcher watcher) {
        var writer = new LeaseWriter(store, clock);
        var mints = new InFlight();
        var looks = new Looks(nanoTime);
        var ended = new EndedLeases(store, nanoTime);
        var unmarked = new Unmarked(nanoTime);
        var witnesses = new Witnesses(store, nanoTime, unmarked);
        var taken = new TokensTaken(store);
        var lists = new TokenLists(store, looks, witnesses, unmarked, taken);
        var revoker = new LeaseRevoker(store, clock, writer, mints, looks, ended, witnesses, lists, taken, watcher);
        parts = new Parts(
                store, clock, nanoTime, nonces, writer, mints, looks, ended, witnesses, unmarked, taken, lists, revoker,
                watcher);
    }

    /**
     * Mints a token. Cancelling the future cancels the call; what came of it is then found out and revoked in the
     * background, if need be by the {@link Janitor}.
     *
     * @return completes normally, whatever happens on the network and on the disk
     * @throws IllegalArgumentException if the supplier of nonces gives what is none
     */
    @NonNull
    public CompletableFuture<MintResult> mint(@NonNull QwietClient client, @NonNull MintRequest request) {
        return mint(client, request, moment());
    }

    /**
     * {@link #mint(QwietClient, MintRequest)} of a request that was made a while before: if its job, or that of its account,
     * got another name since, the lease has that.
     *
     * @param asOf of {@link #moment()}
     */
    @NonNull
    public CompletableFuture<MintResult> mint(@NonNull QwietClient client, @NonNull MintRequest request, long asOf) {
        return mint(client, request, asOf, retry -> {});
    }

    /**
     * {@link #mint(QwietClient, MintRequest, long)} for somebody who watches.
     *
     * @param again is told before each new try, on a thread that must not be blocked; there are ten at most
     */
    @NonNull
    public CompletableFuture<MintResult> mint(
            @NonNull QwietClient client, @NonNull MintRequest request, long asOf, @NonNull Consumer<Retry> again) {
        return new Minting(parts, LeaseWatcher.Work.MINT, client, request, asOf, Minting.ATTEMPTS, answer -> {}, again)
                .begin();
    }

    /**
     * {@link #mint(QwietClient, MintRequest, long)} of a token in the place of another, for whoever asks again himself, when
     * it is time: no second creation is sent if nothing came of the first.
     *
     * @param answered is told what became of the creation, before the future completes; not called if none was sent
     */
    @NonNull
    public CompletableFuture<MintResult> mintOnce(
            @NonNull QwietClient client,
            @NonNull MintRequest request,
            long asOf,
            @NonNull Consumer<Outcome<?>> answered) {
        return new Minting(parts, LeaseWatcher.Work.RENEWAL, client, request, asOf, 1, answered, retry -> {}).begin();
    }

    /** Names this moment, for a request that is made now. */
    public long moment() {
        return parts.store().moment();
    }

    /**
     * Revokes a lease's token; looks for it by its nonce if only the intent is known. If the lease is being minted,
     * waits for that first. May be called again, and at the same time: there is one call to Qwiet.
     *
     * @return completes normally, whatever happens on the network and on the disk; cancelling it changes nothing
     */
    @NonNull
    public CompletableFuture<Revocation> revoke(@NonNull QwietClient client, @NonNull Lease lease) {
        return parts.revoker().revoke(client, lease);
    }

    /**
     * Marks that a token is no longer used, though its build may run on. Nothing happens if there is no such lease.
     *
     * @return completes when that is written; if the disk refuses, the mark holds until the process ends
     */
    @NonNull
    public CompletableFuture<Void> release(@NonNull String nonce) {
        return parts.writer().release(nonce);
    }

    /** Where the open leases are. */
    @NonNull
    public LeaseStore store() {
        return parts.store();
    }

    Parts parts() {
        return parts;
    }

    /** Whether this process waits for Qwiet's answer to its creation, or for the disk. */
    public boolean isMinting(@NonNull String nonce) {
        return parts.mints().isUnderWay(nonce);
    }

    /**
     * Whether this process mints it, or has minted it and who asked for it has not said yet that it {@linkplain #arrived
     * arrived}. No clock tells.
     */
    public boolean isOnItsWay(@NonNull String nonce) {
        return parts.mints().isOnItsWay(nonce);
    }

    /** To be called by who asked for a token, once it is known whose it is; what was not minted needs no call. */
    public void arrived(@NonNull String nonce) {
        parts.mints().arrived(nonce);
    }

    /** Whether this process waits for Qwiet's answer to its revocation, or for the disk. */
    public boolean isRevoking(@NonNull String nonce) {
        return parts.revoker().isUnderWay(nonce);
    }
}
