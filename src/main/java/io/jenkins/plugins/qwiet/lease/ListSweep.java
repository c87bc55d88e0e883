package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Texts;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Ends the leases of one organization of which only the list of its tokens tells anything. Used for one pass. */
final class ListSweep {
    private static final Logger LOGGER = Logger.getLogger(ListSweep.class.getName());
    private static final Texts TEXTS = Texts.of(ListSweep.class);

    /** So many different clients that are asked to wait speak for all, if that makes the pause longer. */
    private static final int BELIEVED_WHEN_ASKED_TO_WAIT = 4;
    /** Of one lease in a row: then the list is asked whether its token is there at all. */
    private static final int FAILURES = 2;
    /** Between lists that are asked for because of failures alone. */
    private static final Duration FOR_FAILING_APART = Duration.ofMinutes(10);

    private final OrganizationSweep.Task task;
    private final OrganizationSweep.Work work;
    private final JanitorParts parts;
    private final SweepCounter counter;
    private final Settlement settlement;
    private final LeaseRevoker revoker;
    private final Looks looks;
    private final EndedLeases ended;
    /** Nonces of those whose tokens a list showed, be it the whole or not, in this pass. */
    private final Set<String> shown = ConcurrentHashMap.newKeySet();

    ListSweep(OrganizationSweep.Task task, Settlement settlement) {
        this.task = task;
        this.work = task.work();
        this.parts = task.parts();
        this.counter = task.counter();
        this.settlement = settlement;
        this.revoker = parts.leasing().parts().revoker();
        this.looks = parts.leasing().parts().looks();
        this.ended = parts.leasing().parts().ended();
    }

    /** What can only be found out from the list. */
    CompletableFuture<Void> search() {
        List<Visit> known =
                work.tokens().stream().filter(settlement::listDecides).toList();
        List<Visit> wanted = new ArrayList<>(work.intents());
        wanted.addAll(known);
        List<Lease> failing = failing(wanted);
        boolean forFailing = !failing.isEmpty() && ended.lookedLongAgo(work.key(), FOR_FAILING_APART);
        if (wanted.isEmpty() && work.forEnded().isEmpty() && !forFailing) {
            return CompletableFuture.completedFuture(null);
        } else if (!task.everything() && !parts.searches().mayTry(work.key())) {
            counter.waiting.addAndGet(work.intents().size());
            return notSearched(known, new Outcome.Unsure<>(TEXTS.get("ListSweep.failedLately"), Cause.HELD_BACK));
        }
        List<Visit> searchers = new ArrayList<>(wanted.isEmpty() ? work.tokens() : wanted);
        searchers.addAll(work.forEnded());
        Set<String> ids = new HashSet<>();
        known.forEach(visit -> ids.add(visit.lease().tokenId()));
        failing.forEach(lease -> ids.add(lease.tokenId()));
        var probes = new ListProbes(task, searchers);
        if (probes.isEmpty()) {
            counter.waiting.addAndGet(work.intents().size());
            return notSearched(known, new Outcome.Unsure<>(TEXTS.get("ListSweep.askedToWait"), Cause.HELD_BACK));
        }
        return ask(probes, Waits.NONE, wanted, failing, client -> {
                    List<Lease> leases = new ArrayList<>(ended.of(work.key()));
                    leases.stream().map(Lease::tokenId).filter(Objects::nonNull).forEach(ids::add);
                    wanted.forEach(visit -> leases.add(visit.lease()));
                    leases.addAll(failing);
                    return parts.leasing().parts().lists().search(client, work.key(), leases, ids);
                })
                .thenCompose(list -> {
                    Outcome<?> failure = list.found().failure();
                    return failure == null
                            ? found(list.client(), notShown(wanted), failing, list.found())
                            : notFound(notShown(known), failure, list.waits().forAll());
                });
    }

    /**
     * @param client that asked for it
     * @param waits of those who asked before it, and its own
     */
    private record AskedFor(QwietClient client, NonceSearch.Found found, Waits waits) {}

    private CompletableFuture<AskedFor> ask(
            ListProbes probes,
            Waits before,
            List<Visit> wanted,
            List<Lease> failing,
            Function<QwietClient, CompletableFuture<NonceSearch.Found>> search) {
        Visit searcher = probes.next();
        return task.gate().pass(() -> search.apply(searcher.client())).thenCompose(found -> {
            if (found.whole()) {
                return CompletableFuture.completedFuture(new AskedFor(searcher.client(), found, before));
            }
            // Another one's client may get the whole; what this one shows is there, whatever the others get.
            probes.failed(searcher);
            if (found.failure() == null || found.failure() instanceof Outcome.Refused<?>) {
                probes.answered(searcher.client());
            }
            return revokeShown(searcher.client(), wanted, failing, found).thenCompose(done -> {
                Outcome<?> failure = found.failure();
                Waits waits = failure == null ? before : before.and(failure.retryAfter());
                Duration least = waits.least();
                boolean believed = failure != null
                        && waits.asked() >= BELIEVED_WHEN_ASKED_TO_WAIT
                        && least != null
                        && parts.searches().heeds(work.key(), least);
                return !probes.isEmpty() && !believed
                        ? ask(probes, waits, wanted, failing, search)
                        : CompletableFuture.completedFuture(new AskedFor(searcher.client(), found, waits));
            });
        });
    }

    private CompletableFuture<Void> revokeShown(
            QwietClient client, List<Visit> wanted, List<Lease> failing, NonceSearch.Found found) {
        List<Visit> visits = notShown(wanted).stream()
                .filter(visit -> found.shows(visit.lease()))
                .collect(Collectors.toCollection(ArrayList::new));
        visits.forEach(visit -> shown.add(visit.nonce()));
        return revoke(client, visits, failing, found);
    }

    private List<Visit> notShown(List<Visit> visits) {
        return visits.stream().filter(visit -> !shown.contains(visit.nonce())).toList();
    }

    /**
     * Those which Qwiet does not revoke again and again, be they tried in this pass or not. No build uses them, or they
     * would not have been tried.
     */
    private List<Lease> failing(List<Visit> wanted) {
        Set<String> others = wanted.stream().map(Visit::nonce).collect(Collectors.toSet());
        return parts.leasing().store().leases().stream()
                .filter(lease -> lease.tokenId() != null
                        && parts.tokens().failures(lease.nonce()) >= FAILURES
                        && OrganizationSweep.Key.of(lease).equals(work.key())
                        && !others.contains(lease.nonce()))
                .toList();
    }

    private CompletableFuture<Void> found(
            QwietClient client, List<Visit> wanted, List<Lease> failing, NonceSearch.Found found) {
        if (found.whole()) {
            parts.searches().succeeded(work.key());
        } else {
            parts.searches().failed(work.key(), null);
        }
        return revoke(client, new ArrayList<>(wanted), failing, found);
    }

    /** @param visits gets those that are open again */
    private CompletableFuture<Void> revoke(
            QwietClient client, List<Visit> visits, List<Lease> failing, NonceSearch.Found found) {
        ended.left(work.key(), found, client.clock())
                .forEach(left -> visits.add(new Visit(revoker.reopen(left), client)));
        return conclude(visits, found).thenCompose(done -> endAbsent(client, failing, found));
    }

    /** Whatever Qwiet says when it is asked to revoke them: what it lists no more is gone. */
    private CompletableFuture<Void> endAbsent(QwietClient client, List<Lease> failing, NonceSearch.Found found) {
        List<Lease> absent = new ArrayList<>();
        List<Lease> open = failing.stream()
                .filter(lease -> parts.leasing().store().find(lease.nonce()).isPresent())
                .toList();
        for (Lease lease : open) {
            List<String> left = looks.left(lease.nonce(), found.of(lease));
            if (left.contains(lease.tokenId()) && left.size() == 1) {
                looks.startAgain(lease.nonce());
            } else if (found.isWholeFor(lease) || !left.isEmpty()) {
                absent.add(lease);
            }
        }
        return BoundedConcurrency.run(
                        absent,
                        parts.concurrency(),
                        lease -> revoker.revokeFound(client, lease, found).thenApply(done -> {
                            if (done instanceof Revocation.Revoked) {
                                settlement.settle(done, lease);
                            }
                            return true;
                        }))
                .thenApply(all -> null);
    }

    private CompletableFuture<Void> conclude(List<Visit> visits, NonceSearch.Found found) {
        Function<Visit, CompletableFuture<Revocation>> conclusion =
                visit -> revoker.revokeFound(visit.client(), visit.lease(), found);
        List<Visit> listed = new ArrayList<>();
        List<Visit> absent = new ArrayList<>();
        for (Visit visit : visits) {
            List<String> left = looks.left(visit.nonce(), found.of(visit.lease()));
            if (looks.doubtOf(visit.nonce()) == null
                    && left.size() == 1
                    && left.get(0).equals(visit.lease().tokenId())) {
                // Forbidden a moment ago, and it is there.
                looks.startAgain(visit.nonce());
                counter.waiting.incrementAndGet();
            } else if (left.isEmpty() || visit.lease().tokenId() != null) {
                absent.add(visit);
            } else if (task.everything() || parts.tokens().mayTry(visit.nonce())) {
                listed.add(visit);
            } else {
                counter.waiting.incrementAndGet();
            }
        }
        var steps = new Steps(task, parts.listed(), settlement);
        listed.sort(steps.order());
        // No call to Qwiet is made for these, but perhaps one for a second token.
        return BoundedConcurrency.run(
                        absent,
                        parts.concurrency(),
                        visit -> conclusion.apply(visit).thenApply(done -> {
                            settlement.settle(done, visit.lease());
                            return true;
                        }))
                .thenCompose(all -> steps.go(listed, conclusion));
    }

    /** @param wait what all that asked were asked to wait; null if there is no such time */
    private CompletableFuture<Void> notFound(List<Visit> known, Outcome<?> outcome, @CheckForNull Duration wait) {
        boolean forbidden = Outcomes.forbidden(outcome);
        parts.searches().failed(work.key(), forbidden ? Backoff.SLOWEST : Backoff.LONGEST, wait);
        LOGGER.log(
                Level.FINE, "The tokens of {0} could not be listed: {1}", new Object[] {work.key(), outcome.reason()});
        // An outage is written down once, so that it costs the disk no more than the network.
        List<Visit> intents = notShown(work.intents());
        List<Visit> told = forbidden ? intents : intents.stream().limit(1).toList();
        (forbidden ? counter.waiting : counter.failed).addAndGet(told.size());
        counter.waiting.addAndGet(intents.size() - told.size());
        return BoundedConcurrency.run(
                        told,
                        parts.concurrency(),
                        visit -> revoker.notFoundOut(visit.lease(), outcome).thenApply(done -> true))
                .thenCompose(written -> notSearched(known, outcome));
    }

    /** What Qwiet said of these tokens stays in doubt. */
    private CompletableFuture<Void> notSearched(List<Visit> known, Outcome<?> outcome) {
        List<Visit> doubtful = known.stream()
                .filter(visit -> looks.doubtOf(visit.nonce()) != null)
                .toList();
        counter.waiting.addAndGet(known.size() - doubtful.size());
        return BoundedConcurrency.run(
                        doubtful,
                        parts.concurrency(),
                        visit -> revoker.notFoundOut(visit.lease(), outcome).thenApply(done -> {
                            settlement.settle(done, visit.lease());
                            return true;
                        }))
                .thenApply(written -> null);
    }
}
