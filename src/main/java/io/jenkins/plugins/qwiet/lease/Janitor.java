package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends the leases that no build uses: what a crash, an outage or a failed revocation left behind.
 *
 * <p>An intent that no mint of this process works on is not in use, because a value is handed out only after its id is on
 * disk. Any other lease is touched only when it was released or its build is over. Only Qwiet's word ends a lease, never
 * a time that has passed.
 *
 * <p>Nothing that always fails holds up another. Each lease has its own next try, half a minute to ten minutes after a
 * failure, growing with its own failures; up to an hour if Qwiet forbids it, or as {@code Retry-After} says. Revoking what
 * is known and searching for the rest fail apart. For one organization and credential, {@value GroupTries#FAILURES}
 * different leases that fail in a row count as an outage: then it is left alone for half a minute to ten minutes, and after
 * each pause one, two, four … up to {@value GroupTries#MOST_PROBES} leases are tried, those first that were tried longest
 * ago. So an outage costs a call or two a minute, however many leases there are. It is left alone for longer if different
 * leases in a row, and no other, were all asked to wait ({@link GroupPauses}).
 *
 * <p>A look-up of a build or of a credential that throws, or hangs, concerns its own lease: that of a build is then taken
 * for in use, that without a credential waits, unless a client is kept for when its look-up hangs. A token that Qwiet does not revoke though it is asked again and again is
 * gone when two whole lists, some time apart, have it no more.
 *
 * <p>The bound: with a pass each minute, and all look-ups answered, a lease that can be revoked is revoked within 40
 * minutes, and a minute more for each lease of the same organization and credential that always fails; what came later
 * comes after it, however much that is. Each eight look-ups that never answer may cost a minute more, and with 2,000 of them
 * nobody else is asked until one answers or Jenkins is restarted. If Qwiet forbade it or asked to wait, that lease or others of these, an hour comes before that, and one more if it asked
 * so for lists too; an intent takes {@link Looks#SETTLE} more until its lease ends. {@link #sweepAll} and {@link #endPauses} wait for nothing but look-ups. Calls end by themselves:
 * that is the {@link QwietClient}'s part.
 */
public final class Janitor {
    /** Where clients come from. Called on threads for look-ups; may block, throw or hang. */
    public interface Clients {
        /** A client for the lease's organization; empty if there is no credential for it now. */
        @NonNull
        Optional<QwietClient> clientFor(@NonNull Lease lease);

        /** One for when that hangs, without asking whoever does. Called on any thread; must not block. Empty if there is none. */
        @NonNull
        default Optional<QwietClient> keptFor(@NonNull Lease lease) {
            return Optional.empty();
        }

        /** Why that is empty, a clause for a person, without a full stop; null if nobody knows. */
        @CheckForNull
        default String whyNone(@NonNull Lease lease) {
            return null;
        }
    }

    /** Who knows the builds. Called on threads for look-ups; may block, throw or hang. */
    public interface Builds {
        /** Whether the lease's build is running, or can be resumed. */
        boolean mayStillUse(@NonNull Lease lease);

        /** The token of a lease is gone now, by the janitor's doing, or as it found out. Called on any thread; must not block. */
        default void revoked(@NonNull Lease lease, @NonNull Revocation.Revoked revoked) {}
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
     * @param what an organization at an API address with the id of a credential; in words for a person
     * @param until when it is tried again
     * @param organization that organization; null if {@code what} names none
     * @param account that {@code what} names; null if it names none
     */
    public record Pause(
            @NonNull String what,
            @NonNull Instant until,
            @CheckForNull Organization organization,
            @CheckForNull Account account) {
        /** Of something that names no account. */
        public Pause(@NonNull String what, @NonNull Instant until) {
            this(what, until, null, null);
        }
    }

    /** The work at one organization with one credential that is under way. */
    private record Turn(CompletableFuture<Void> done, long begunAt) {}

    private static final Logger LOGGER = Logger.getLogger(Janitor.class.getName());

    private final JanitorParts parts;
    private final LongSupplier nanoTime;
    private final BoundedLookUps lookUps;
    private final AtomicReference<Pass> current = new AtomicReference<>();
    private final Map<OrganizationSweep.Key, Turn> turns = new ConcurrentHashMap<>();
    private final AtomicLong pausesEnded = new AtomicLong();
    private volatile Done last;

    /**
     * Looks at builds and credentials on the calling thread, which then may be held up.
     *
     * @see #Janitor(Leasing, Clients, Builds, Clock, int, Executor)
     */
    public Janitor(
            @NonNull Leasing leasing,
            @NonNull Clients clients,
            @NonNull Builds builds,
            @NonNull Clock clock,
            int concurrency) {
        this(leasing, clients, builds, clock, concurrency, Runnable::run);
    }

    /**
     * @param concurrency how many revocations at a time, for each API address; at least 1
     * @param lookUps its threads look at builds and credentials: no more than {@value BoundedLookUps#AT_A_TIME} at a time,
     *     and beside these those that hang, {@value BoundedLookUps#MOST} in all
     */
    public Janitor(
            @NonNull Leasing leasing,
            @NonNull Clients clients,
            @NonNull Builds builds,
            @NonNull Clock clock,
            int concurrency,
            @NonNull Executor lookUps) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency);
        }
        nanoTime = leasing.parts().nanoTime();
        this.lookUps = new BoundedLookUps(lookUps, nanoTime);
        parts = new JanitorParts(
                leasing,
                clients,
                builds,
                clock,
                concurrency,
                new Backoff(nanoTime),
                new GroupPauses(new Backoff(nanoTime)),
                new GroupPauses(new Backoff(nanoTime)),
                new GroupPauses(new Backoff(nanoTime)),
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
        return OrganizationSweep.Key.pauses(parts);
    }

    /**
     * Makes one pass, or joins the one that is under way, which then no longer waits for look-ups that hang. Looks at the
     * files either way. The calls to Qwiet go on in the background.
     *
     * @return completes normally, whatever happens on the network and on the disk
     */
    @NonNull
    public CompletableFuture<Sweep> sweep() {
        Pass running = current.get();
        long now = nanoTime.getAsLong();
        lookUps.goOn();
        if (running != null && !running.hangs(now)) {
            // What waits for Qwiet does not hold up the files.
            parts.leasing().store().mend();
            return running.sweep.copy();
        }
        var mine = new Pass(now, pausesEnded.get());
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
        lookUps.goOn();
        var mine = new Pass(nanoTime.getAsLong(), pausesEnded.get());
        current.set(mine);
        return begin(mine, true);
    }

    /**
     * Lets the next pass try at once what failed, or was forbidden: settings or credentials changed, so it may work now.
     * That goes too for what a pass that is under way asks before, and learns after this. Does not block.
     */
    public void endPauses() {
        pausesEnded.incrementAndGet();
        parts.endPauses();
    }

    private CompletableFuture<Sweep> begin(Pass mine, boolean everything) {
        pass(mine, everything).whenComplete((sweep, thrown) -> {
            if (thrown == null) {
                last = new Done(parts.clock().instant(), sweep);
            }
            if (pausesEnded.get() != mine.asOf) {
                // What it was answered may be of the time before.
                parts.endPauses();
            }
            current.compareAndSet(mine, null);
            if (thrown == null) {
                mine.sweep.complete(sweep);
            } else {
                mine.sweep.completeExceptionally(thrown);
            }
        });
        return mine.sweep.copy();
    }

    private CompletableFuture<Sweep> pass(Pass mine, boolean everything) {
        var counter = new SweepCounter();
        try {
            parts.leasing().store().mend();
            Map<ApiAddress, Gate> gates = new ConcurrentHashMap<>();
            var due = new DueLeases(parts, counter, everything, lookUps);
            CompletableFuture<Void> done = due.each(work -> {
                Gate gate = gates.computeIfAbsent(
                        work.key().organization().address(), address -> new Gate(parts.concurrency()));
                return turn(new OrganizationSweep.Task(parts, counter, work, everything, gate));
            });
            mine.allAsked = true;
            return done.thenApply(all -> counter.sum());
        } catch (RuntimeException | Error e) {
            // The next pass must be able to begin.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** One at a time for each organization and credential. Another pass may have one under way. */
    private CompletableFuture<Void> turn(OrganizationSweep.Task task) {
        var mine = new Turn(new CompletableFuture<>(), nanoTime.getAsLong());
        CompletableFuture<Void> free;
        synchronized (turns) {
            Turn before = turns.get(task.key());
            boolean isFree = before == null || mine.begunAt() - before.begunAt() >= Pass.LONGEST.toNanos();
            if (!isFree && !task.everything()) {
                task.counter().waiting.addAndGet(task.work().size());
                return CompletableFuture.completedFuture(null);
            }
            turns.put(task.key(), mine);
            free = isFree ? CompletableFuture.completedFuture(null) : before.done();
        }
        free.thenCompose(begin -> new OrganizationSweep(task).run())
                .exceptionally(thrown -> {
                    LOGGER.log(Level.WARNING, thrown, () -> "The janitor could not finish " + task.key());
                    return null;
                })
                .thenAccept(done -> {
                    turns.remove(task.key(), mine);
                    mine.done().complete(null);
                });
        return mine.done();
    }
}
