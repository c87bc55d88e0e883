package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Ends the leases that no build uses: what a crash, an outage or a failed revocation left behind.
 *
 * <p>An intent that no mint of this process works on is not in use, because a value is handed out only after its id is on
 * disk. Any other lease is touched only when it was released or its build is over. Only Qwiet's word ends a lease, never
 * a time that has passed.
 *
 * <p>Nothing that always fails holds up another. Each lease has its own next try, half a minute to ten minutes after a
 * failure, growing with its own failures; up to an hour if Qwiet forbids it, or as {@code Retry-After} says. Revoking what is known and searching for the rest fail apart. For one organization and credential, {@value
 * GroupTries#FAILURES} different leases that fail in a row count as an outage: then it is left alone for half a minute to
 * ten minutes, and after each pause one, two, four … up to {@value GroupTries#MOST_PROBES} leases are tried, those first
 * that were tried longest ago. So an outage costs a call or two a minute, however many leases there are.
 *
 * <p>The bound: with a pass each minute, a lease that can be revoked is revoked within 40 minutes, and a minute
 * more for each lease of the same organization and credential that always fails. If Qwiet forbade it or
 * asked to wait, an hour comes before that; an intent takes {@link Looks#SETTLE} more until its lease ends. {@link
 * #sweepAll} and {@link #endPauses} wait for nothing. Calls end by themselves: that is the {@link QwietClient}'s part.
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
     * @param revoked whose token is revoked now
     * @param gone of which Qwiet has no token: it expired, was revoked elsewhere or never made
     * @param kept whose token is in use
     * @param failed that could not be revoked this time
     * @param waiting to be tried in a later pass: no credential, not allowed, a pause after a failure, an intent whose
     *     token could still turn up
     */
    public record Sweep(int revoked, int gone, int kept, int failed, int waiting) {}

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

    /**
     * What all passes work with.
     *
     * @param tokens when each lease may be tried again, by nonce
     * @param groups when leases of an organization and credential may be tried again, by {@link OrganizationSweep.Key}
     * @param listed when those of its leases that only the list shows may be tried again, by key: apart from the others,
     *     which would else always come first
     * @param searches when its list may be asked for again, by key
     * @param searchers with which lease's client the list failed, by nonce
     */
    record Parts(
            Leasing leasing,
            Clients clients,
            Builds builds,
            Clock clock,
            int concurrency,
            Backoff tokens,
            Backoff groups,
            Backoff listed,
            Backoff searches,
            Backoff searchers) {
        void keepOnly(Set<String> nonces) {
            tokens.keepOnly(nonces);
            searchers.keepOnly(nonces);
            leasing.parts().looks().keepOnly(nonces);
        }
    }

    /** Counts what a pass does. Safe on any thread. */
    static final class Counter {
        final AtomicInteger revoked = new AtomicInteger();
        final AtomicInteger gone = new AtomicInteger();
        final AtomicInteger kept = new AtomicInteger();
        final AtomicInteger failed = new AtomicInteger();
        final AtomicInteger waiting = new AtomicInteger();

        private Sweep sum() {
            return new Sweep(revoked.get(), gone.get(), kept.get(), failed.get(), waiting.get());
        }
    }

    /** A pass under way. */
    private record Pass(CompletableFuture<Sweep> sweep, long begunAt) {}

    /** The work at one organization with one credential that is under way. */
    private record Turn(CompletableFuture<Void> done, long begunAt) {}

    // A call that is never answered, against what its client promises, must not end all passes.
    private static final Duration LONGEST_PASS = Duration.ofMinutes(10);

    private static final Logger LOGGER = Logger.getLogger(Janitor.class.getName());

    private final Parts parts;
    private final LongSupplier nanoTime;
    private final AtomicReference<Pass> current = new AtomicReference<>();
    private final Map<OrganizationSweep.Key, Turn> turns = new ConcurrentHashMap<>();
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
        nanoTime = leasing.parts().nanoTime();
        parts = new Parts(
                leasing,
                clients,
                builds,
                clock,
                concurrency,
                new Backoff(nanoTime),
                new Backoff(nanoTime),
                new Backoff(nanoTime),
                new Backoff(nanoTime),
                new Backoff(nanoTime));
    }

    /** The last pass; empty if there was none since this process began. */
    @NonNull
    public Optional<Done> last() {
        return Optional.ofNullable(last);
    }

    /** What is left alone now because it failed lately: all leases of an organization and credential, or its list. */
    @NonNull
    public List<Pause> pauses() {
        Instant now = parts.clock().instant();
        return Stream.concat(
                        parts.groups().pauses().entrySet().stream()
                                .map(pause -> new Pause(pause.getKey().toString(), now.plus(pause.getValue()))),
                        parts.searches().pauses().entrySet().stream()
                                .map(pause -> new Pause(
                                        "the list of tokens of " + pause.getKey(), now.plus(pause.getValue()))))
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
        Pass running = current.get();
        long now = nanoTime.getAsLong();
        if (running != null && now - running.begunAt() < LONGEST_PASS.toNanos()) {
            return running.sweep().copy();
        }
        var mine = new Pass(new CompletableFuture<>(), now);
        return current.compareAndSet(running, mine) ? begin(mine, false) : sweep();
    }

    /**
     * Makes a pass that skips nothing: what failed lately and is not due yet is tried too, however much fails now. For an
     * administrator who knows that it works again. Joins no pass that is under way.
     *
     * @return as {@link #sweep()}
     */
    @NonNull
    public CompletableFuture<Sweep> sweepAll() {
        endPauses();
        var mine = new Pass(new CompletableFuture<>(), nanoTime.getAsLong());
        current.set(mine);
        return begin(mine, true);
    }

    /**
     * Lets the next pass try at once what failed, or was forbidden: settings or credentials changed, so it may work now.
     * Does not block.
     */
    public void endPauses() {
        parts.tokens().endPauses();
        parts.groups().endPauses();
        parts.listed().endPauses();
        parts.searches().endPauses();
    }

    private CompletableFuture<Sweep> begin(Pass mine, boolean everything) {
        pass(everything).whenComplete((sweep, thrown) -> {
            if (thrown == null) {
                last = new Done(parts.clock().instant(), sweep);
            }
            current.compareAndSet(mine, null);
            if (thrown == null) {
                mine.sweep().complete(sweep);
            } else {
                mine.sweep().completeExceptionally(thrown);
            }
        });
        return mine.sweep().copy();
    }

    private CompletableFuture<Sweep> pass(boolean everything) {
        var counter = new Counter();
        parts.leasing().store().mend();
        try {
            var due = new DueLeases(parts, counter, everything);
            Map<ApiAddress, Gate> gates = new HashMap<>();
            List<CompletableFuture<Void>> works = new ArrayList<>();
            for (OrganizationSweep.Work work : due.find()) {
                Gate gate = gates.computeIfAbsent(
                        work.key().organization().address(), address -> new Gate(parts.concurrency()));
                works.add(
                        turn(new OrganizationSweep(parts, counter, work, everything, gate), work, counter, everything));
            }
            return CompletableFuture.allOf(works.toArray(CompletableFuture[]::new))
                    .thenCombine(due.written(), (all, written) -> counter.sum());
        } catch (RuntimeException | Error e) {
            // Thrown by the code that knows the builds, perhaps. The next pass must be able to begin.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** One at a time for each organization and credential. Another pass may have one under way. */
    private CompletableFuture<Void> turn(
            OrganizationSweep sweep, OrganizationSweep.Work work, Counter counter, boolean everything) {
        var mine = new Turn(new CompletableFuture<>(), nanoTime.getAsLong());
        CompletableFuture<Void> free;
        synchronized (turns) {
            Turn before = turns.get(work.key());
            boolean isFree = before == null || mine.begunAt() - before.begunAt() >= LONGEST_PASS.toNanos();
            if (!isFree && !everything) {
                counter.waiting.addAndGet(work.size());
                return CompletableFuture.completedFuture(null);
            }
            turns.put(work.key(), mine);
            free = isFree ? CompletableFuture.completedFuture(null) : before.done();
        }
        free.thenCompose(begin -> sweep.run())
                .exceptionally(thrown -> {
                    LOGGER.log(Level.WARNING, thrown, () -> "The janitor could not finish " + work.key());
                    return null;
                })
                .thenAccept(done -> {
                    turns.remove(work.key(), mine);
                    mine.done().complete(null);
                });
        return mine.done();
    }
}
