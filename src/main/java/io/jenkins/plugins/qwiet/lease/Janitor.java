package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ends the leases that no build uses: what a crash, an outage or a failed revocation left behind.
 *
 * <p>An intent that no mint of this process works on is not in use, because a value is handed out only after its id is on
 * disk. Any other lease is touched only when it was released or its build is over. What fails is tried again later each
 * time, from half a minute up to ten minutes, by one call: so an outage costs a call or two a minute, however many leases
 * there are.
 */
public final class Janitor {
    /** Where clients come from. Called on the thread that sweeps; may block. */
    public interface Clients {
        /** A client for the lease's organization; empty if there is no credential for it now. */
        @NonNull
        Optional<QwietClient> clientFor(@NonNull Lease lease);
    }

    /** Who knows the builds. Called on the thread that sweeps; may block. */
    public interface Builds {
        /** Whether the lease's build is running, or can be resumed. */
        boolean mayStillUse(@NonNull Lease lease);

        /** The token of a lease is gone now, by the janitor's doing. Called on any thread; must not block. */
        default void revoked(@NonNull Lease lease) {}
    }

    /**
     * What one pass did with the leases that were open.
     *
     * @param revoked whose token is gone now
     * @param expired whose token ended by itself
     * @param kept whose token is in use
     * @param failed that could not be revoked this time
     * @param waiting to be tried in a later pass, or to expire: no credential, not allowed, a pause after a failure, an
     *     intent whose token could still turn up
     */
    public record Sweep(int revoked, int expired, int kept, int failed, int waiting) {}

    /**
     * A pass that is over.
     *
     * @param at when it ended
     * @param did what it did
     */
    public record Done(@NonNull Instant at, @NonNull Sweep did) {}

    /**
     * Something that failed, and is left alone for a while.
     *
     * @param what an API address, or an organization there with the id of a credential; in words for a person
     * @param until when it is tried again
     */
    public record Pause(@NonNull String what, @NonNull Instant until) {}

    /** What all passes work with. */
    record Parts(Leasing leasing, Clients clients, Builds builds, Clock clock, int concurrency, Backoff backoff) {
        boolean mayTry(OrganizationSweep.Key key) {
            return backoff.mayTry(key) && backoff.mayTry(key.organization().address());
        }
    }

    /** Counts what a pass does. Safe on any thread. */
    static final class Counter {
        final AtomicInteger revoked = new AtomicInteger();
        final AtomicInteger expired = new AtomicInteger();
        final AtomicInteger kept = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicInteger waiting = new AtomicInteger();

        private Sweep sum() {
            return new Sweep(revoked.get(), expired.get(), kept.get(), failed.get(), waiting.get());
        }
    }

    private final Parts parts;
    private final AtomicReference<CompletableFuture<Sweep>> current = new AtomicReference<>();
    private volatile Done last;

    /** @param concurrency how many revocations at a time, for each API address; at least 1 */
    public Janitor(
            @NonNull Leasing leasing,
            @NonNull Clients clients,
            @NonNull Builds builds,
            @NonNull Clock clock,
            int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency);
        }
        parts = new Parts(leasing, clients, builds, clock, concurrency, new Backoff(clock));
    }

    /** The last pass; empty if there was none since this process began. */
    @NonNull
    public Optional<Done> last() {
        return Optional.ofNullable(last);
    }

    /** What is left alone now because it failed lately. */
    @NonNull
    public List<Pause> pauses() {
        return parts.backoff().pauses().entrySet().stream()
                .map(pause -> new Pause(pause.getKey().toString(), pause.getValue()))
                .sorted(Comparator.comparing(Pause::what))
                .toList();
    }

    /**
     * Makes one pass, or joins the one that is under way. Looks at builds and credentials on the calling thread, then
     * returns; the calls to Qwiet go on in the background.
     *
     * @return completes normally, whatever happens on the network and on the disk
     */
    @NonNull
    public CompletableFuture<Sweep> sweep() {
        var mine = new CompletableFuture<Sweep>();
        CompletableFuture<Sweep> running = current.compareAndExchange(null, mine);
        if (running != null) {
            return running.copy();
        }
        pass().whenComplete((sweep, thrown) -> {
            if (thrown == null) {
                last = new Done(parts.clock().instant(), sweep);
            }
            current.set(null);
            if (thrown == null) {
                mine.complete(sweep);
            } else {
                mine.completeExceptionally(thrown);
            }
        });
        return mine.copy();
    }

    /** {@link #sweep()}, including what failed lately and is not due yet: for an administrator who knows that it works again. */
    @NonNull
    public CompletableFuture<Sweep> sweepAll() {
        parts.backoff().forget();
        return sweep();
    }

    private CompletableFuture<Sweep> pass() {
        var counter = new Counter();
        try {
            var due = new DueLeases(parts, counter);
            CompletableFuture<?>[] addresses = due.find().stream()
                    .map(work -> oneAfterTheOther(work, counter))
                    .toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(addresses).thenCombine(due.written(), (all, written) -> counter.sum());
        } catch (RuntimeException | Error e) {
            // Thrown by the code that knows the builds, perhaps. The next pass must be able to begin.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The work at one API address: if that is down, only the first call needs to find out. */
    private CompletableFuture<Void> oneAfterTheOther(List<OrganizationSweep.Work> works, Counter counter) {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        for (var work : works) {
            done = done.thenCompose(before -> new OrganizationSweep(parts, counter, work).run());
        }
        return done;
    }
}
