package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The janitor's calls to one organization with one credential: first one to see if it answers, then the others. */
final class OrganizationSweep {
    /** Whose calls succeed or fail together. */
    record Key(Organization organization, Account account) {
        static Key of(Lease lease) {
            return new Key(lease.organization(), lease.account());
        }

        @Override
        public String toString() {
            return organization.orgId() + " (" + organization.address() + ", credentials id: " + account + ")";
        }
    }

    /** A lease to be ended, by this client. */
    record Visit(Lease lease, QwietClient client) {}

    /** What there is to do. */
    record Work(Key key, List<Visit> visits) {}

    private static final Logger LOGGER = Logger.getLogger(OrganizationSweep.class.getName());

    // One that failed comes last: if it will always fail, it must not stand in the way of the others.
    private static final Comparator<Visit> ORDER = Comparator.comparing(
                    (Visit visit) -> visit.lease().failingSince(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(visit -> visit.lease().openedAt());

    // Single calls always fail now and then; so many in a row are an outage.
    private static final int FAILURES_IN_A_ROW = 5;

    private final Janitor.Parts parts;
    private final LeaseRevoker revoker;
    private final Janitor.Counter counter;
    private final Key key;
    private final List<Visit> intents;
    private final List<Visit> tokens;
    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final AtomicBoolean broken = new AtomicBoolean();

    OrganizationSweep(Janitor.Parts parts, Janitor.Counter counter, Work work) {
        this.parts = parts;
        this.revoker = parts.leasing().parts().revoker();
        this.counter = counter;
        this.key = work.key();
        this.intents = sorted(work, visit -> visit.lease().tokenId() == null);
        this.tokens = sorted(work, visit -> visit.lease().tokenId() != null);
    }

    /** Never completes exceptionally for what happens on the network or on the disk. */
    CompletableFuture<Void> run() {
        if (!parts.mayTry(key)) {
            // The work before this one found out in the meantime.
            counter.waiting.addAndGet(intents.size() + tokens.size());
            return CompletableFuture.completedFuture(null);
        }
        return intents.isEmpty() ? probe() : search();
    }

    private CompletableFuture<Void> search() {
        Visit first = intents.get(0);
        var nonces = intents.stream().map(visit -> visit.lease().nonce()).collect(Collectors.toSet());
        return NonceSearch.begin(first.client(), nonces, parts.clock()).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Done<NonceSearch.Found> done) {
                succeeded();
                return all(intents, visit -> revoker.revokeFound(visit.client(), visit.lease(), done.value()))
                        .thenCompose(all -> all(tokens, this::revoke));
            } else if (Outcomes.forbidden(outcome)) {
                // It may not list, so it will not find any of them. It may still be allowed to revoke.
                return all(intents, visit -> revoker.failed(visit.lease(), outcome))
                        .thenCompose(all -> probe());
            }
            return revoker.failed(first.lease(), outcome).thenAccept(failure -> {
                count(failure, first, 1);
                counter.waiting.addAndGet(intents.size() - 1 + tokens.size());
            });
        });
    }

    private CompletableFuture<Void> probe() {
        if (tokens.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Visit first = tokens.get(0);
        return revoke(first).thenCompose(revocation -> {
            count(revocation, first, 1);
            return all(tokens.subList(1, tokens.size()), this::revoke);
        });
    }

    private CompletableFuture<Void> all(List<Visit> visits, Function<Visit, CompletableFuture<Revocation>> revocation) {
        Function<Visit, CompletableFuture<Boolean>> work =
                visit -> revocation.apply(visit).thenApply(done -> count(done, visit, FAILURES_IN_A_ROW));
        if (broken.get()) {
            counter.waiting.addAndGet(visits.size());
            return CompletableFuture.completedFuture(null);
        }
        return BoundedConcurrency.run(visits, parts.concurrency(), work)
                .thenAccept(notBegun -> counter.waiting.addAndGet(notBegun.size()));
    }

    private CompletableFuture<Revocation> revoke(Visit visit) {
        return revoker.revoke(visit.client(), visit.lease());
    }

    private boolean count(Revocation revocation, Visit visit, int bearable) {
        if (revocation instanceof Revocation.Failed failed) {
            counter.failed.incrementAndGet();
            if (failuresInARow.incrementAndGet() >= bearable && broken.compareAndSet(false, true)) {
                parts.backoff()
                        .failed(failed.answered() ? key : key.organization().address());
            }
            return !broken.get();
        }
        failuresInARow.set(0);
        if (!broken.get()) {
            succeeded();
        }
        if (revocation instanceof Revocation.Revoked) {
            counter.revoked.incrementAndGet();
            tell(visit.lease());
        } else {
            counter.waiting.incrementAndGet();
        }
        return !broken.get();
    }

    private void tell(Lease lease) {
        try {
            parts.builds().revoked(lease);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "A build could not be told: " + lease.buildId());
        }
    }

    private void succeeded() {
        parts.backoff().succeeded(key);
        parts.backoff().succeeded(key.organization().address());
    }

    private static List<Visit> sorted(Work work, Predicate<Visit> which) {
        return work.visits().stream().filter(which).sorted(ORDER).toList();
    }
}
