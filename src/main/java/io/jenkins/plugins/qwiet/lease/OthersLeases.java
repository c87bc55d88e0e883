package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.ServerClock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The leases in a {@link LeaseStore} that were not written there: those that rest, and those that a person left to whoever
 * wrote them. Nothing is done about their tokens. Safe on any thread; no method blocks.
 *
 * <p>A decision holds at once, and is on disk when its future completes. If that fails with an {@link java.io.IOException},
 * it holds until the process ends, and is written as soon as the disk takes it.
 */
public final class OthersLeases {
    private final KnownLeases known;
    private final LeaseBook book;

    OthersLeases(KnownLeases known, LeaseBook book) {
        this.known = known;
        this.book = book;
    }

    /** Those about which nobody has decided, in no order. */
    @NonNull
    public List<RestingLease> resting() {
        return known.resting().all();
    }

    /** How many {@link #resting()} are. */
    public int count() {
        return known.resting().size();
    }

    /** Those that a person left to another, the first one first, until a day after the end of their tokens. */
    @NonNull
    public List<RestingLease> left() {
        return known.resting().left();
    }

    /** Forgets those of {@link #left()} that are over for Qwiet as well; nothing while it did not say what time it is. */
    void forgetOver(Organization organization, ServerClock clock) {
        if (clock.skew() != null) {
            book.forgetLeft(organization, clock.atLeast());
        }
    }

    /** Whether it rests, or was left to another. */
    public boolean has(@NonNull String nonce) {
        return known.resting().areAnothers(nonce);
    }

    /** Makes those that rest our own, of some owners: a person knows that nobody else uses their tokens. */
    @NonNull
    public CompletableFuture<Void> takeOver(@NonNull Collection<String> owners) {
        return book.takeOverResting(owners);
    }

    /** Leaves those that rest to some owners: a person knows that these look after their tokens. */
    @NonNull
    public CompletableFuture<Void> forget(@NonNull Collection<String> owners) {
        return book.forgetResting(owners);
    }

    /** Lets those rest again that were left to some owners: a person was wrong. */
    @NonNull
    public CompletableFuture<Void> remember(@NonNull Collection<String> owners) {
        return book.rememberLeft(owners);
    }

    /** Names who writes leases here now: their owner. */
    @NonNull
    public String here() {
        return known.owner();
    }

    /** Whether nothing is known of a lease of that nonce, whoever wrote it. */
    public boolean isUnknown(@NonNull String nonce) {
        return !known.has(nonce);
    }

    /**
     * Whether neither that is known nor a lease that has the id of a token.
     *
     * @param nonce or what of it is there
     */
    boolean isUnknown(Organization organization, String tokenId, String nonce) {
        return !known.hasLike(nonce) && !known.isTokenOfAnother(organization, tokenId, nonce);
    }

    /**
     * Keeps a lease that somebody else remembers, if nothing is known of it: an open one if it was written here, and else one
     * that rests.
     *
     * @param owner who wrote it, as {@link #here} named it by then
     */
    @NonNull
    public CompletableFuture<Void> readmit(@NonNull Lease lease, @NonNull String owner) {
        return book.readmit(lease, owner);
    }

    /** Why leases that somebody put there cannot be read, for how long; empty if they can, or there are none. */
    @NonNull
    public Optional<DiskTrouble> unread() {
        return book.unread();
    }

    /** Who wrote those that rest. */
    List<String> owners() {
        return resting().stream().map(RestingLease::owner).distinct().toList();
    }

    /** Those that rest, and those that were left to another, in no order. */
    @NonNull
    public List<Lease> all() {
        return known.resting().leases();
    }
}
