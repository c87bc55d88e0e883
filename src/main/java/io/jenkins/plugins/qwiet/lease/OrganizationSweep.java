package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The janitor's calls to one organization with one credential: first it revokes tokens whose id is known, then it looks
 * through the list for the others. Either may fail for ever and does not hold up the other.
 */
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
    record Visit(Lease lease, QwietClient client) {
        String nonce() {
            return lease.nonce();
        }
    }

    /** What there is to do. Filled by one thread. */
    static final class Work {
        private final Key key;
        private final List<Visit> intents = new ArrayList<>();
        private final List<Visit> tokens = new ArrayList<>();
        private QwietClient forEnded;

        Work(Key key) {
            this.key = key;
        }

        void add(Visit visit) {
            (visit.lease().tokenId() == null ? intents : tokens).add(visit);
        }

        /** Leases that ended lately are to be looked for, with this client if there is nothing else to look for. */
        void lookForEnded(QwietClient client) {
            forEnded = client;
        }

        Key key() {
            return key;
        }

        int size() {
            return intents.size() + tokens.size();
        }
    }

    private static final Logger LOGGER = Logger.getLogger(OrganizationSweep.class.getName());

    private final Janitor.Parts parts;
    private final LeaseRevoker revoker;
    private final Looks looks;
    private final EndedLeases ended;
    private final Janitor.Counter counter;
    private final Work work;
    private final boolean everything;
    private final Gate gate;
    private final GroupTries ofTokens;
    private final GroupTries ofListed;
    // In the order of the last try, so that nobody starves.
    private final Comparator<Visit> order;

    /** @param everything whether to ask about what failed lately, too, however much fails now */
    OrganizationSweep(Janitor.Parts parts, Janitor.Counter counter, Work work, boolean everything, Gate gate) {
        this.parts = parts;
        this.revoker = parts.leasing().parts().revoker();
        this.looks = parts.leasing().parts().looks();
        this.ended = parts.leasing().parts().ended();
        this.counter = counter;
        this.work = work;
        this.everything = everything;
        this.gate = gate;
        this.ofTokens = new GroupTries(parts.groups(), work.key());
        this.ofListed = new GroupTries(parts.listed(), work.key());
        this.order = Comparator.comparingLong((Visit visit) -> parts.tokens().lastFailure(visit.nonce()))
                .thenComparing(visit -> visit.lease().openedAt());
    }

    /** Never completes exceptionally for what happens on the network or on the disk. */
    CompletableFuture<Void> run() {
        List<Visit> tokens = work.tokens.stream().sorted(order).toList();
        return inSteps(ofTokens, tokens, this::revoke).thenCompose(done -> search());
    }

    private CompletableFuture<Revocation> revoke(Visit visit) {
        return revoker.revokeKnown(visit.client(), visit.lease());
    }

    /**
     * Ever more at a time, so that an outage costs a handful of calls. Ends early when different leases failed one after
     * the other.
     */
    private CompletableFuture<Void> inSteps(
            GroupTries tries, List<Visit> visits, Function<Visit, CompletableFuture<Revocation>> revocation) {
        if (visits.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        } else if (!everything && !tries.mayGoOn()) {
            counter.waiting.addAndGet(visits.size());
            return CompletableFuture.completedFuture(null);
        }
        int step = everything ? visits.size() : Math.min(tries.step(), visits.size());
        List<Visit> rest = visits.subList(step, visits.size());
        return BoundedConcurrency.run(
                        visits.subList(0, step),
                        parts.concurrency(),
                        visit -> gate.pass(() -> revocation.apply(visit)).thenApply(done -> count(tries, done, visit)))
                .thenCompose(notBegun -> {
                    counter.waiting.addAndGet(notBegun.size());
                    tries.stepEnded();
                    return inSteps(tries, rest, revocation);
                });
    }

    /** What can only be found out from the list. */
    private CompletableFuture<Void> search() {
        List<Visit> known = work.tokens.stream().filter(this::mustBeLookedFor).toList();
        List<Visit> wanted = new ArrayList<>(work.intents);
        wanted.addAll(known);
        if (wanted.isEmpty() && work.forEnded == null) {
            return CompletableFuture.completedFuture(null);
        } else if (!everything && !parts.searches().mayTry(work.key)) {
            counter.waiting.addAndGet(work.intents.size());
            return notSearched(known, new Outcome.Unsure<>("The list of tokens could not be had lately."));
        }
        // Another one each time: if it is this lease's client that fails, it must not stand in the way of the others.
        Optional<Visit> searcher = wanted.stream()
                .min(Comparator.comparingLong((Visit visit) -> parts.searchers().lastFailure(visit.nonce()))
                        .thenComparing(visit -> visit.lease().openedAt()));
        QwietClient client = searcher.map(Visit::client).orElse(work.forEnded);
        Set<String> ids = new HashSet<>();
        known.forEach(visit -> ids.add(visit.lease().tokenId()));
        return gate.pass(() -> {
                    long now = looks.now();
                    Set<String> nonces = ended.noncesOf(work.key);
                    wanted.forEach(visit -> nonces.add(visit.nonce()));
                    return NonceSearch.begin(client, nonces, ids, now);
                })
                .thenCompose(outcome -> outcome instanceof Outcome.Done<NonceSearch.Found> done
                        ? found(wanted, done.value())
                        : notFound(searcher, known, outcome));
    }

    /** Qwiet's answer left open whether it is there, or forbids to ask that and it may have expired. */
    private boolean mustBeLookedFor(Visit visit) {
        Lease lease = parts.leasing().store().find(visit.nonce()).orElse(null);
        return lease != null
                && (looks.doubtOf(visit.nonce()) != null
                        || (lease.unrevocable()
                                && lease.expiresAt() != null
                                && visit.client().clock().now().isAfter(lease.expiresAt())));
    }

    private CompletableFuture<Void> found(List<Visit> wanted, NonceSearch.Found found) {
        parts.searches().succeeded(work.key);
        List<CompletableFuture<Optional<Visit>>> reopened = ended.left(work.key, found).stream()
                .map(left -> revoker.reopen(left).thenApply(lease -> lease.map(l -> new Visit(l, clientOf(wanted)))))
                .toList();
        return CompletableFuture.allOf(reopened.toArray(CompletableFuture[]::new))
                .thenCompose(all -> {
                    List<Visit> visits = new ArrayList<>(wanted);
                    reopened.forEach(each -> each.join().ifPresent(visits::add));
                    return conclude(visits, found);
                });
    }

    private QwietClient clientOf(List<Visit> wanted) {
        return work.forEnded != null ? work.forEnded : wanted.get(0).client();
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
                counter.waiting.incrementAndGet();
            } else if (left.isEmpty() || visit.lease().tokenId() != null) {
                absent.add(visit);
            } else if (everything || parts.tokens().mayTry(visit.nonce())) {
                listed.add(visit);
            } else {
                counter.waiting.incrementAndGet();
            }
        }
        listed.sort(order);
        // No call to Qwiet is made for these, but perhaps one for a second token.
        return BoundedConcurrency.run(
                        absent,
                        parts.concurrency(),
                        visit -> conclusion.apply(visit).thenApply(done -> {
                            settle(done, visit);
                            return true;
                        }))
                .thenCompose(all -> inSteps(ofListed, listed, conclusion));
    }

    private CompletableFuture<Void> notFound(Optional<Visit> searcher, List<Visit> known, Outcome<?> outcome) {
        boolean forbidden = Outcomes.forbidden(outcome);
        parts.searches().failed(work.key, forbidden ? Backoff.SLOWEST : Backoff.LONGEST, outcome.retryAfter());
        searcher.ifPresent(visit -> parts.searchers().failed(visit.nonce(), Backoff.LONGEST, null));
        LOGGER.log(Level.FINE, "The tokens of {0} could not be listed: {1}", new Object[] {work.key, outcome.reason()});
        // An outage is written down once, so that it costs the disk no more than the network.
        List<Visit> told =
                forbidden ? work.intents : work.intents.stream().limit(1).toList();
        (forbidden ? counter.waiting : counter.failed).addAndGet(told.size());
        counter.waiting.addAndGet(work.intents.size() - told.size());
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
                            settle(done, visit);
                            return true;
                        }))
                .thenApply(written -> null);
    }

    /** Says whether to go on. */
    private boolean count(GroupTries tries, Revocation revocation, Visit visit) {
        if (visit.lease().tokenId() != null && mustBeLookedFor(visit)) {
            // Qwiet answered. What it means, the list says; it is counted then.
            if (revocation instanceof Revocation.NotAllowed) {
                parts.tokens().failed(visit.nonce(), Backoff.SLOWEST, null);
            }
            tries.succeeded();
            return true;
        }
        settle(revocation, visit);
        if (revocation instanceof Revocation.Failed failed) {
            tries.failed(failed.retryAfter());
        } else {
            tries.succeeded();
        }
        return everything || tries.mayGoOn();
    }

    private void settle(Revocation revocation, Visit visit) {
        if (revocation instanceof Revocation.Failed failed) {
            counter.failed.incrementAndGet();
            parts.tokens().failed(visit.nonce(), Backoff.LONGEST, failed.retryAfter());
        } else if (revocation instanceof Revocation.NotAllowed) {
            counter.waiting.incrementAndGet();
            parts.tokens().failed(visit.nonce(), Backoff.SLOWEST, null);
        } else if (revocation instanceof Revocation.Revoked revoked) {
            parts.tokens().succeeded(visit.nonce());
            (revoked.wasThere() ? counter.revoked : counter.gone).incrementAndGet();
            tell(visit.lease());
        } else {
            parts.tokens().succeeded(visit.nonce());
            counter.waiting.incrementAndGet();
        }
    }

    private void tell(Lease lease) {
        try {
            parts.builds().revoked(lease);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "A build could not be told: " + lease.buildId());
        }
    }
}
