package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Visit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * With whose clients one organization's list is asked for, one after the other, until one gets the whole: one lease each of
 * different jobs, whose clients may differ. Used for one pass, by one thread at a time.
 */
final class ListProbes {
    private final JanitorParts parts;
    private final Deque<Visit> left;

    /**
     * Those that were tried longest ago, and more of them the more often the list failed, so that those who never get it do
     * not hold up the others.
     *
     * @param searchers of all jobs
     */
    ListProbes(OrganizationSweep.Task task, List<Visit> searchers) {
        this.parts = task.parts();
        int failures = task.everything() ? Integer.MAX_VALUE : parts.searches().failures(task.key());
        int most = Math.min(GroupTries.MOST_PROBES, 1 << Math.min(Math.max(failures - 1, 0), 10));
        Map<String, Visit> byJob = new LinkedHashMap<>();
        List<Visit> free = searchers.stream()
                .filter(visit -> task.everything()
                        || !parts.groups().isHeldBack(task.key(), visit.client().asksToWait()))
                .toList();
        free.stream()
                .sorted(Comparator.comparingLong(
                                (Visit visit) -> parts.searchers().lastTry(visit.nonce()))
                        .thenComparing(visit -> visit.lease().openedAt()))
                .forEach(visit -> byJob.putIfAbsent(visit.lease().job(), visit));
        if (byJob.size() <= most && free.size() == searchers.size()) {
            // They are, now.
            parts.searches().allTried(task.key());
        }
        this.left = new ArrayDeque<>(byJob.values().stream().limit(most).toList());
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    Visit next() {
        return left.remove();
    }

    /** One got no list that is the whole. */
    void failed(Visit searcher) {
        parts.searchers().failed(searcher.nonce(), Backoff.LONGEST, null);
    }

    /** What one got is a list, though not the whole, or a refusal: those for whom Qwiet's answer is the same would get no better. */
    void answered(QwietClient client) {
        left.removeIf(visit -> {
            boolean alike = visit.client().caller().equals(client.caller());
            if (alike) {
                failed(visit);
            }
            return alike;
        });
    }
}
