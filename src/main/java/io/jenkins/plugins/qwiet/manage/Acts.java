package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what became of tokens that an administrator had revoked. Administrators see all that is known of them. */
final class Acts {
    private static final int LONGEST_NAME = 120;

    private final LeaseStore store;
    private final Instant now;

    /** @param now when it was tried */
    Acts(@NonNull LeaseStore store, @NonNull Instant now) {
        this.store = store;
        this.now = now;
    }

    /**
     * Of a revocation.
     *
     * @param some that were to be revoked, as they were before
     * @param over whether each was tried to the end
     */
    @NonNull
    Notice revoked(@NonNull List<Lease> some, boolean over) {
        if (some.isEmpty()) {
            return new Notice(Messages.Acts_nothing(), true);
        }
        List<Lease> left = some.stream()
                .flatMap(lease -> store.find(lease.nonce()).stream())
                .toList();
        String of = DisplayText.line(some.get(0).buildId(), LONGEST_NAME);
        int gone = some.size() - left.size();
        if (!over) {
            return Notice.soFar(Messages.Acts_goesOn(String.valueOf(gone), String.valueOf(some.size()), of));
        }
        String done = some.size() == 1
                ? Messages.Acts_one(DisplayText.line(some.get(0).label(), LONGEST_NAME), of)
                : Messages.Acts_many(String.valueOf(gone), of);
        if (left.isEmpty()) {
            return new Notice(done, true);
        }
        String failed = failed(left);
        return new Notice(gone == 0 ? failed : done + " " + failed, false);
    }

    /** Of a sweep. */
    @NonNull
    Notice swept(@NonNull Optional<Janitor.Done> last, boolean over) {
        if (!over) {
            return Notice.soFar(Messages.Acts_sweepGoesOn());
        } else if (last.isEmpty()) {
            return new Notice(Messages.Acts_notDone(), false);
        }
        Janitor.Sweep did = last.get().did();
        String words = Messages.Acts_swept(
                String.valueOf(did.revoked()),
                String.valueOf(did.gone()),
                String.valueOf(did.kept()),
                String.valueOf(did.waiting()),
                String.valueOf(did.failed()));
        List<Lease> failing = store.leases().stream()
                .filter(lease -> lease.failingSince() != null)
                .toList();
        return did.failed() + did.waiting() == 0 || failing.isEmpty()
                ? new Notice(words, did.failed() == 0)
                : new Notice(words + " " + failed(failing), false);
    }

    /** The most frequent reason, and how many have it. */
    @NonNull
    String failed(@NonNull Collection<Lease> left) {
        String reason = left.stream()
                .map(Lease::lastError)
                .filter(Objects::nonNull)
                .map(RevocationMonitor.Trouble::withoutIds)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(Messages.RevocationMonitor_unknown());
        return Messages.Acts_failed(String.valueOf(left.size()), DisplayText.clause(reason), DisplayTime.text(now));
    }
}
