package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Visit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Revokes tokens of one organization, ever more at a time, so that an outage costs a handful of calls. Ends early when
 * different leases failed one after the other. Used for one pass.
 */
final class Steps {
    private final OrganizationSweep.Task task;
    private final JanitorParts parts;
    private final SweepCounter counter;
    private final GroupTries tries;
    private final Settlement settlement;
    private volatile boolean anyHeldBack;

    Steps(OrganizationSweep.Task task, GroupPauses pauses, Settlement settlement) {
        this.task = task;
        this.parts = task.parts();
        this.counter = task.counter();
        this.tries = new GroupTries(pauses, task.key());
        this.settlement = settlement;
    }

    /**
     * In the order of the last try, so that nobody starves. What was never tried counts from when it was first due: before
     * it comes what was tried earlier, or a stream of new ones that fail would go first for ever.
     */
    Comparator<Visit> order() {
        return Comparator.comparingLong((Visit visit) -> parts.tokens().lastTry(visit.nonce()))
                .thenComparing(visit -> visit.lease().openedAt());
    }

    CompletableFuture<Void> go(List<Visit> visits, Function<Visit, CompletableFuture<Revocation>> revocation) {
        if (visits.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        } else if (!task.everything() && !tries.mayGoOn()) {
            counter.waiting.addAndGet(visits.size());
            return CompletableFuture.completedFuture(null);
        }
        List<Visit> free = task.everything()
                ? visits
                : visits.stream().filter(visit -> !isHeldBack(visit)).toList();
        if (free.size() < visits.size()) {
            anyHeldBack = true;
            counter.waiting.addAndGet(visits.size() - free.size());
            return go(free, revocation);
        }
        int step = task.everything() ? visits.size() : Math.min(tries.step(), visits.size());
        List<Visit> rest = visits.subList(step, visits.size());
        return BoundedConcurrency.run(
                        visits.subList(0, step),
                        parts.concurrency(),
                        visit -> task.gate().pass(() -> visit(visit, revocation)))
                .thenCompose(notBegun -> {
                    counter.waiting.addAndGet(notBegun.size());
                    tries.stepEnded();
                    if (rest.isEmpty() && notBegun.isEmpty() && !anyHeldBack) {
                        tries.allTried();
                    }
                    return go(rest, revocation);
                });
    }

    private CompletableFuture<Boolean> visit(Visit visit, Function<Visit, CompletableFuture<Revocation>> revocation) {
        if (!task.everything() && isHeldBack(visit)) {
            // Since it was chosen.
            anyHeldBack = true;
            counter.waiting.incrementAndGet();
            return CompletableFuture.completedFuture(true);
        }
        return revocation.apply(visit).thenApply(done -> count(done, visit));
    }

    private boolean isHeldBack(Visit visit) {
        return parts.groups().isHeldBack(task.key(), visit.client().asksToWait());
    }

    /** Says whether to go on. */
    private boolean count(Revocation revocation, Visit visit) {
        if (settlement.listDecides(visit)) {
            // Qwiet answered. What it means, the list says; it is counted then.
            if (revocation instanceof Revocation.NotAllowed) {
                parts.tokens().failed(visit.nonce(), Backoff.SLOWEST, null);
            }
            tries.succeeded();
            return true;
        }
        settlement.settle(revocation, visit.lease());
        if (revocation instanceof Revocation.Failed failed) {
            tries.failed(failed.retryAfter());
        } else {
            tries.succeeded();
        }
        return task.everything() || tries.mayGoOn();
    }
}
