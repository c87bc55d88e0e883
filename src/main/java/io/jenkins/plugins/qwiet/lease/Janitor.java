package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ends the leases that nobody uses: what a crash, an outage or a failed revocation left behind.
 *
 * <p>An intent that no mint of this process works on is nobody's, because a value is handed out only after its id is on
 * disk. Any other lease is touched only when it was released or its build is over. What fails is tried again later each
 * time, from half a minute up to ten minutes, by one call: so an outage costs a call or two a minute, however many leases
 * there are.
 */
public final class Janitor {
    /** Where clients come from. Called on the thread that sweeps; may block. */
    public interface Clients {
        /** A client for the lease's organization; empty if no credential can be had for it now. */
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
     * @param kept in use
     * @param failed that were tried in vain
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

    private final Leasing leasing;
    private final Clients clients;
    private final Builds builds;
    private final Clock clock;
    private final int concurrency;
    private final Backoff backoff;
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
        this.leasing = leasing;
        this.clients = clients;
        this.builds = builds;
        this.clock = clock;
        this.concurrency = concurrency;
        this.backoff = new Backoff(clock);
    }

    /** The last pass; empty if there was none since this process began. */
    @NonNull
    public Optional<Done> last() {
        return Optional.ofNullable(last);
    }

    /** What is left alone now because it failed lately. */
    @NonNull
    public List<Pause> pauses() {
        return backoff.pauses().entrySet().stream()
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
                last = new Done(clock.instant(), sweep);
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

    /** {@link #sweep()}, not sparing what failed lately: somebody says that it works again. */
    @NonNull
    public CompletableFuture<Sweep> sweepAll() {
        backoff.forget();
        return sweep();
    }

    private CompletableFuture<Sweep> pass() {
        var tally = new SweepCounter();
        try {
            var sorting = new DueLeases(leasing, clients, builds, backoff, clock, tally);
            CompletableFuture<?>[] addresses = sorting.sort().stream()
                    .map(rounds -> oneAfterTheOther(rounds, 0, tally))
                    .toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(addresses).thenCombine(sorting.written(), (all, written) -> tally.sum());
        } catch (RuntimeException | Error e) {
            // Of the code that knows the builds, perhaps. The next pass must be able to begin.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Of one address: if it is down, only the first round needs to find out. */
    private CompletableFuture<Void> oneAfterTheOther(
            List<OrganizationSweep.Work> rounds, int index, SweepCounter tally) {
        if (index == rounds.size()) {
            return CompletableFuture.completedFuture(null);
        }
        return new OrganizationSweep(leasing, builds, backoff, clock, concurrency, tally, rounds.get(index))
                .run()
                .thenCompose(done -> oneAfterTheOther(rounds, index + 1, tally));
    }
}
