package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Texts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sorts the open leases of one pass: what is in use, what waits, and what Qwiet must be asked about. What one organization
 * and credential has to do is begun when all that concerns it is looked up, whatever is still looked up for others.
 */
final class DueLeases {
    private static final Logger LOGGER = Logger.getLogger(DueLeases.class.getName());
    private static final Texts TEXTS = Texts.of(DueLeases.class);

    /** Credentials depend on the job, never on its build's number, and looking them up is not free. */
    private record Wanted(OrganizationSweep.Key key, String job) {
        static Wanted by(Lease lease) {
            return new Wanted(OrganizationSweep.Key.of(lease), lease.job());
        }
    }

    /** What is asked of a build: an answer that comes late must not be taken for one about another name. */
    private record Use(String nonce, String buildId) {}

    /** @param asOf the {@link LeaseStore#moment()} of the question: after a rename it may be about a name that is no more */
    private record Answer(boolean inUse, long asOf) {}

    private final JanitorParts parts;
    private final boolean everything;
    private final LeaseStore store;
    private final LeaseWriter writer;
    private final SweepCounter counter;
    private final BoundedLookUps lookUps;
    private final Map<Wanted, CompletableFuture<Optional<QwietClient>>> clients = new ConcurrentHashMap<>();
    /** Whose lists are due because of an intent: one list serves all intents, also those that would wait longer. */
    private final Set<OrganizationSweep.Key> listsDue = new HashSet<>();

    private final Map<Wanted, String> whyNone = new ConcurrentHashMap<>();

    /** @param everything whether to ask about what failed lately, too */
    DueLeases(JanitorParts parts, SweepCounter counter, boolean everything, BoundedLookUps lookUps) {
        this.parts = parts;
        this.everything = everything;
        this.store = parts.leasing().store();
        this.writer = parts.leasing().parts().writer();
        this.counter = counter;
        this.lookUps = lookUps;
    }

    /**
     * Begins the work of each organization and credential that Qwiet must be asked about.
     *
     * @return completes when all of it is done
     */
    CompletableFuture<Void> each(Function<OrganizationSweep.Work, CompletableFuture<Void>> begin) {
        List<Lease> leases = store.leases();
        parts.leasing().parts().witnesses().see();
        Set<String> nonces = new HashSet<>();
        leases.forEach(lease -> nonces.add(lease.nonce()));
        Map<OrganizationSweep.Key, List<Lease>> groups = new LinkedHashMap<>();
        leases.forEach(lease -> groups.computeIfAbsent(OrganizationSweep.Key.of(lease), key -> new ArrayList<>())
                .add(lease));
        Map<OrganizationSweep.Key, List<Lease>> ended = parts.leasing()
                .parts()
                .ended()
                .due(key -> everything || parts.searches().mayTry(key));
        ended.keySet().forEach(key -> groups.computeIfAbsent(key, k -> new ArrayList<>()));
        ended.values().forEach(some -> some.forEach(lease -> nonces.add(lease.nonce())));
        parts.keepOnly(nonces);
        leases.stream()
                .filter(lease -> lease.tokenId() == null && parts.tokens().mayTry(lease.nonce()))
                .filter(lease -> !parts.leasing().isMinting(lease.nonce()))
                .forEach(lease -> listsDue.add(OrganizationSweep.Key.of(lease)));
        List<CompletableFuture<Void>> works = new ArrayList<>();
        groups.forEach((key, group) -> {
            var work = new OrganizationSweep.Work(key);
            List<CompletableFuture<Void>> lookedUp = new ArrayList<>();
            group.forEach(lease -> lookedUp.add(add(lease, work)));
            ended.getOrDefault(key, List.of())
                    .forEach(lease -> lookedUp.add(client(lease).handle((client, thrown) -> {
                        if (thrown == null) {
                            client.ifPresent(c -> work.lookForEnded(new OrganizationSweep.Visit(lease, c)));
                        }
                        return null;
                    })));
            works.add(all(lookedUp).thenCompose(all -> work.isEmpty() ? all(List.of()) : begin.apply(work)));
        });
        return all(works);
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<Void>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> add(Lease listed, OrganizationSweep.Work work) {
        String nonce = listed.nonce();
        // First this, then the lease: a mint that lands in between has written its id before.
        if (parts.leasing().isMinting(nonce)) {
            return notDue(counter.kept);
        }
        Lease lease = store.find(nonce).orElse(null);
        if (lease == null) {
            return all(List.of());
        } else if (lease.tokenId() == null || lease.releasedAt() != null) {
            return addUnused(lease, work, () -> true);
        }
        return lookUps.ask(new Use(nonce, lease.buildId()), () -> ask(lease))
                .exceptionally(thrown -> {
                    LOGGER.log(
                            Level.WARNING, thrown, () -> "Whether a build runs could not be seen: " + lease.buildId());
                    return new Answer(true, 0);
                })
                .thenCompose(answer -> {
                    // Else the next pass asks again.
                    BooleanSupplier holds = () -> !answer.inUse() && store.moment() == answer.asOf();
                    return holds.getAsBoolean() ? addUnused(lease, work, holds) : notDue(counter.kept);
                });
    }

    private Answer ask(Lease lease) {
        long asOf = store.moment();
        return new Answer(parts.builds().mayStillUse(lease), asOf);
    }

    private static CompletableFuture<Void> notDue(AtomicInteger because) {
        because.incrementAndGet();
        return all(List.of());
    }

    /** @param holds whether it is still so that no build uses it */
    private CompletableFuture<Void> addUnused(Lease lease, OrganizationSweep.Work work, BooleanSupplier holds) {
        parts.tokens().waits(lease.nonce());
        if (!everything && waits(lease)) {
            return notDue(counter.waiting);
        }
        return client(lease)
                .handle((client, thrown) -> {
                    if (thrown != null || client.isEmpty()) {
                        return withoutClient(lease, thrown);
                    }
                    // The look-up may have taken its time.
                    Lease now = store.find(lease.nonce()).orElse(null);
                    if (now == null) {
                        return all(List.of());
                    } else if (!holds.getAsBoolean() || !Objects.equals(now.tokenId(), lease.tokenId())) {
                        return notDue(counter.kept);
                    }
                    work.add(new OrganizationSweep.Visit(now, client.get()));
                    return all(List.of());
                })
                .thenCompose(Function.identity());
    }

    /** Whether somebody else is at it, or it is too early to try again. */
    private boolean waits(Lease lease) {
        if (parts.leasing().parts().revoker().isUnderWay(lease.nonce())) {
            return true;
        }
        var key = OrganizationSweep.Key.of(lease);
        return lease.tokenId() == null
                ? !parts.searches().mayTry(key) || !listsDue.contains(key)
                : !parts.groups().mayTry(key) || !parts.tokens().mayTry(lease.nonce());
    }

    private CompletableFuture<Optional<QwietClient>> client(Lease lease) {
        var wanted = Wanted.by(lease);
        var mine = new CompletableFuture<Optional<QwietClient>>();
        CompletableFuture<Optional<QwietClient>> other = clients.putIfAbsent(wanted, mine);
        if (other != null) {
            return other;
        }
        lookUps.ask(wanted, () -> lookUp(lease, wanted)).whenComplete((client, thrown) -> {
            Optional<QwietClient> kept =
                    thrown instanceof TimeoutException ? parts.clients().keptFor(lease) : Optional.empty();
            if (thrown == null) {
                mine.complete(client);
            } else if (kept.isPresent()) {
                mine.complete(kept);
            } else {
                LOGGER.log(Level.WARNING, thrown, () -> "No client for credentials id " + lease.account());
                mine.completeExceptionally(thrown);
            }
        });
        return mine;
    }

    private Optional<QwietClient> lookUp(Lease lease, Wanted wanted) {
        Optional<QwietClient> client = parts.clients().clientFor(lease);
        String why = client.isPresent() ? null : parts.clients().whyNone(lease);
        if (why != null) {
            whyNone.put(wanted, why);
        }
        return client;
    }

    private String whyWithout(Lease lease, @CheckForNull Throwable cause) {
        var address = lease.organization().address();
        if (cause instanceof TimeoutException) {
            return TEXTS.get("DueLeases.noAnswer", address, lease.account());
        } else if (cause != null) {
            String what = cause.getClass().getSimpleName();
            return TEXTS.get("DueLeases.failedLookUp", address, lease.account(), what);
        }
        String why = whyNone.get(Wanted.by(lease));
        return why == null
                ? TEXTS.get("DueLeases.noCredential", address, lease.account())
                : TEXTS.get("DueLeases.notRevoked", DisplayText.clause(why));
    }

    private CompletableFuture<Void> withoutClient(Lease lease, Throwable thrown) {
        counter.waiting.incrementAndGet();
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        String reason = whyWithout(lease, cause);
        Instant now = parts.clock().instant();
        // The disk may hang: it is not waited for.
        writer.update(lease.nonce(), l -> l.failed(reason, now));
        parts.leasing().parts().watcher().over(LeaseWatcher.Work.REVOCATION, Cause.CONFIGURATION);
        return all(List.of());
    }
}
