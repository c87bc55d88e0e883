package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Texts;
import io.jenkins.plugins.qwiet.lease.LeaseWatcher.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Revokes the tokens of leases, one call for one lease at a time, and writes down what came of it; it does not wait for
 * the disk, which may hang. Only what Qwiet says ends a lease: that the token is gone, or, where it does not say that, its whole list in two looks that are apart. Safe
 * on any thread.
 */
final class LeaseRevoker {
    /** How long an intent is looked for at least; see {@link Looks#SETTLE}. */
    static final Duration SETTLE = Looks.SETTLE;

    private static final Logger LOGGER = Logger.getLogger(LeaseRevoker.class.getName());
    private static final Texts TEXTS = Texts.of(LeaseRevoker.class);
    private static final String REPEATED =
            "Qwiet has a second token \"{0}\" of {1}: something between Jenkins and Qwiet repeated the call that made it.";

    private static final String STILL_THERE =
            "Qwiet lists the token \"{0}\" of {1} long after something said that it is gone. It is revoked again.";

    private final LeaseStore store;
    private final Clock clock;
    private final LeaseWriter writer;
    private final InFlight mints;
    private final Looks looks;
    private final EndedLeases ended;
    private final Witnesses witnesses;
    private final TokenLists lists;
    private final TokensTaken taken;
    private final LeaseWatcher watcher;
    private final Map<String, UnderWay> revocations = new ConcurrentHashMap<>();

    /** @param begunAt of {@link Looks#now} */
    private record UnderWay(CompletableFuture<Revocation> done, long begunAt) {}

    LeaseRevoker(
            LeaseStore store,
            Clock clock,
            LeaseWriter writer,
            InFlight mints,
            Looks looks,
            EndedLeases ended,
            Witnesses witnesses,
            TokenLists lists,
            TokensTaken taken,
            LeaseWatcher watcher) {
        this.store = store;
        this.clock = clock;
        this.writer = writer;
        this.mints = mints;
        this.looks = looks;
        this.ended = ended;
        this.witnesses = witnesses;
        this.lists = lists;
        this.taken = taken;
        this.watcher = watcher;
    }

    /** Waits for a mint under way, then revokes; joins a revocation of the same lease that is under way. */
    CompletableFuture<Revocation> revoke(QwietClient client, Lease lease) {
        String nonce = lease.nonce();
        return shared(
                nonce,
                () -> mints.landing(nonce)
                        .thenCompose(landed -> store.others().has(nonce)
                                ? CompletableFuture.completedFuture(
                                        new Revocation.Failed(TEXTS.get("LeaseRevoker.anothers")))
                                : revokeNow(client, store.find(nonce).orElse(lease))));
    }

    /**
     * {@link #revoke} for a lease with an id, by somebody who looks at the list later: if Qwiet's answer leaves open
     * whether the token is gone, {@link Looks#doubtOf} says so and nothing is written yet.
     */
    CompletableFuture<Revocation> revokeKnown(QwietClient client, Lease lease) {
        return shared(
                lease.nonce(), () -> delete(client, store.find(lease.nonce()).orElse(lease)));
    }

    /** {@link #revoke} after a search that served others too. */
    CompletableFuture<Revocation> revokeFound(QwietClient client, Lease lease, NonceSearch.Found found) {
        return shared(lease.nonce(), () -> found(client, lease, found));
    }

    boolean isUnderWay(String nonce) {
        UnderWay running = revocations.get(nonce);
        return running != null && !hangs(running);
    }

    /** {@link #revoke} called by the mint that is under way itself: does not wait for it. */
    CompletableFuture<Revocation> revokeNow(QwietClient client, Lease lease) {
        String nonce = lease.nonce();
        if (lease.tokenId() != null) {
            return delete(client, lease)
                    .thenCompose(revocation -> looks.doubtOf(nonce) == null
                            ? CompletableFuture.completedFuture(revocation)
                            : search(client, lease));
        } else if (store.find(nonce).isEmpty()) {
            return CompletableFuture.completedFuture(new Revocation.Revoked(false));
        }
        return search(client, lease);
    }

    private CompletableFuture<Revocation> search(QwietClient client, Lease lease) {
        Set<String> ids = lease.tokenId() == null ? Set.of() : Set.of(lease.tokenId());
        writer.release(lease.nonce());
        return lists.search(client, OrganizationSweep.Key.of(lease), List.of(lease), ids)
                .thenCompose(found -> found(client, lease, found));
    }

    /** After the list could not be had. */
    CompletableFuture<Revocation> notFoundOut(Lease lease, Outcome<?> list) {
        String doubt = looks.doubtOf(lease.nonce());
        return doubt == null
                ? failed(lease, list)
                : failing(lease, doubt, Cause.REFUSED, new Revocation.Failed(doubt, true, list.retryAfter()));
    }

    /** Ends a lease as far as the list of the organization's tokens allows. */
    CompletableFuture<Revocation> found(QwietClient client, Lease lease, NonceSearch.Found found) {
        String nonce = lease.nonce();
        Lease now = store.find(nonce).orElse(null);
        if (now == null) {
            // Ended meanwhile.
            return CompletableFuture.completedFuture(new Revocation.Revoked(false));
        }
        List<String> ids = looks.left(nonce, found.of(now));
        Outcome<?> failure = found.failure();
        if (!ids.isEmpty()) {
            return revokeListed(client, now, ids, found.begunAt());
        } else if (failure != null) {
            return notFoundOut(now, failure);
        } else if (!found.proves(now)) {
            // What a look before it did not find, it may have missed.
            looks.startAgain(nonce);
            return leftOpen(now, WhyUnproven.of(now, found), found.begunAt());
        } else if (looks.proves(nonce, found.begunAt(), apart(now))) {
            end(now);
            return CompletableFuture.completedFuture(new Revocation.Revoked(false));
        }
        // What a list left open may be taken for whole only because of the time since.
        writer.update(
                nonce,
                l -> l.tokenId() != null
                        ? l
                        : l.openFor().isZero()
                                ? l.released(clock.instant()).recovered()
                                : l.released(clock.instant())
                                        .leftOpen(WhyUnproven.notListed(), clock.instant(), Duration.ZERO));
        return CompletableFuture.completedFuture(new Revocation.NotListed());
    }

    private CompletableFuture<Revocation> leftOpen(Lease lease, String why, long begunAt) {
        Duration more = lists.leftOpen(lease.nonce(), begunAt);
        writer.update(lease.nonce(), l -> {
            Instant now = clock.instant();
            return l.released(now).leftOpen(why, now, more);
        });
        watcher.over(Work.REVOCATION, Cause.INDETERMINATE);
        return CompletableFuture.completedFuture(new Revocation.Failed(why, true));
    }

    /** Where Qwiet did not say that it may be gone, the list alone has to prove it. */
    private Duration apart(Lease lease) {
        boolean saidSo = lease.tokenId() != null && (looks.doubtOf(lease.nonce()) != null || lease.unrevocable());
        return saidSo ? Looks.APART : Looks.SETTLE;
    }

    /** The lease stays even if all of them go: there may be one more that is not listed yet. */
    private CompletableFuture<Revocation> revokeListed(
            QwietClient client, Lease lease, List<String> ids, long begunAt) {
        String nonce = lease.nonce();
        CompletableFuture<Listed> all = CompletableFuture.completedFuture(new Listed(false, null));
        witnesses.isAsked(nonce);
        for (String id : ids) {
            String doubt = looks.doubtOf(nonce);
            if (id.equals(lease.tokenId()) && doubt != null) {
                // Qwiet would not revoke it a moment ago, and it is there.
                all = all.thenApply(so -> new Listed(so.wasThere(), new Outcome.Unsure<>(doubt, Cause.REFUSED)));
                continue;
            }
            taken.was(lease.organization(), id, nonce);
            all = all.thenCompose(so -> Outcomes.to(() -> client.delete(id)).thenApply(outcome -> {
                if (outcome instanceof Outcome.Done<Boolean> done) {
                    looks.gone(nonce, id);
                    tell(done);
                    return new Listed(so.wasThere() || done.value(), so.failure());
                }
                return new Listed(so.wasThere(), outcome);
            }));
        }
        return all.thenCompose(so -> {
            if (so.failure() != null) {
                looks.startAgain(nonce);
                return failed(lease, so.failure());
            }
            looks.revoked(nonce, begunAt);
            writer.update(nonce, l -> l.released(clock.instant()).recovered());
            return CompletableFuture.completedFuture(new Revocation.Revoked(so.wasThere()));
        });
    }

    /** What became of the tokens that were listed; the last failure, or null. */
    private record Listed(boolean wasThere, Outcome<?> failure) {}

    /** Writes down why a lease's token could not be revoked. */
    CompletableFuture<Revocation> failed(Lease lease, Outcome<?> outcome) {
        boolean answered = outcome instanceof Outcome.Refused<?>;
        return failing(
                lease,
                outcome.reason(),
                outcome.cause(),
                Outcomes.forbidden(outcome)
                        ? new Revocation.NotAllowed(((Outcome.Refused<?>) outcome).message())
                        : new Revocation.Failed(outcome.reason(), answered, outcome.retryAfter()));
    }

    private CompletableFuture<Revocation> failing(Lease lease, String reason, Cause cause, Revocation because) {
        boolean forbidden = because instanceof Revocation.NotAllowed;
        writer.update(lease.nonce(), l -> {
            Instant now = clock.instant();
            return forbidden
                    ? l.released(now).notAllowed(reason, now)
                    : l.released(now).failed(reason, now);
        });
        watcher.over(Work.REVOCATION, cause);
        return CompletableFuture.completedFuture(because);
    }

    private CompletableFuture<Revocation> delete(QwietClient client, Lease lease) {
        String nonce = lease.nonce();
        String id = lease.tokenId();
        witnesses.isAsked(nonce);
        taken.was(lease.organization(), id, nonce);
        return Outcomes.to(() -> client.delete(id)).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Done<Boolean> done) {
                looks.gone(nonce, id);
                tell(done);
                end(lease);
                return CompletableFuture.completedFuture(new Revocation.Revoked(done.value()));
            } else if (Outcomes.mayBeGone(outcome)) {
                looks.doubt(nonce, outcome.reason());
                return CompletableFuture.completedFuture(new Revocation.Failed(outcome.reason(), true));
            }
            looks.certain(nonce);
            return failed(lease, outcome);
        });
    }

    private void tell(Outcome.Done<Boolean> deleted) {
        if (deleted.value()) {
            watcher.over(Work.REVOCATION, null);
        }
    }

    /** Its token is gone. Whether there is a second one, is looked for later. */
    void end(Lease lease) {
        ended.add(lease, looks.goneIds(lease.nonce()));
        looks.forget(lease.nonce());
    }

    /** Makes an ended lease, of which a token was found after all, an intent again. */
    Lease reopen(EndedLeases.Left left) {
        String nonce = left.lease().nonce();
        long asOf = store.moment();
        Lease before = store.findEnded(nonce).orElse(left.lease());
        Lease again = left.byId() ? before.stillThere(clock.instant()) : before.reopened(clock.instant());
        writer.open(again, asOf);
        LOGGER.log(Level.WARNING, left.again() ? STILL_THERE : REPEATED, new Object[] {again.label(), again.buildId()});
        left.gone().forEach(id -> looks.gone(nonce, id));
        return again;
    }

    private CompletableFuture<Revocation> shared(String nonce, Supplier<CompletableFuture<Revocation>> revocation) {
        var mine = new UnderWay(new CompletableFuture<>(), looks.now());
        UnderWay running = revocations.merge(nonce, mine, (before, now) -> hangs(before) ? now : before);
        if (running != mine) {
            return running.done().copy();
        }
        CompletableFuture.completedFuture(mine)
                .thenCompose(begin -> revocation.get())
                .exceptionally(this::unexpected)
                .thenAccept(done -> {
                    revocations.remove(nonce, mine);
                    mine.done().complete(done);
                });
        return mine.done().copy();
    }

    /** One that is never answered, against what its client promises, must not be the last of its lease. */
    private boolean hangs(UnderWay revocation) {
        return looks.now() - revocation.begunAt() >= Pass.LONGEST.toNanos();
    }

    private Revocation unexpected(Throwable thrown) {
        watcher.over(Work.REVOCATION, Cause.OTHER);
        LOGGER.log(Level.WARNING, "Revoking ended in an unexpected way", thrown);
        return new Revocation.Failed(
                TEXTS.get("LeaseRevoker.unexpected", thrown.getClass().getSimpleName()));
    }
}
