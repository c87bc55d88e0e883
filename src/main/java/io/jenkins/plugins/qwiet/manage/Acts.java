package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
     * @param outcomes what became of them so far, as {@link io.jenkins.plugins.qwiet.grant.TokenRevoker#recall} has it
     * @param over whether each was tried to the end
     */
    @NonNull
    Notice revoked(@NonNull List<Lease> some, @NonNull Map<String, Revocation> outcomes, boolean over) {
        if (some.isEmpty()) {
            return new Notice(Messages.Acts_nothing(), true);
        }
        String of = DisplayText.line(some.get(0).buildId(), LONGEST_NAME);
        var result = RevocationResult.of(some, outcomes, store);
        if (!over) {
            return Notice.soFar(Messages.Acts_goesOn(result.revoked(), some.size(), of, result.gone()));
        }
        List<String> words = new ArrayList<>();
        if (some.size() == 1 && result.ended() == 1) {
            words.add(one(some.get(0), result));
        } else if (result.revoked() > 0) {
            words.add(Messages.Acts_many(result.revoked(), of, result.gone()));
        } else if (result.gone() > 0) {
            words.add(Messages.Acts_gone(result.gone(), of));
        }
        if (!result.failures().isEmpty()) {
            words.add(failed(result.failures()));
        }
        return new Notice(String.join(" ", words), result.failures().isEmpty());
    }

    /** Of the only one, which is no longer valid. */
    @NonNull
    static String one(@NonNull Lease lease, @NonNull RevocationResult result) {
        String label = DisplayText.line(lease.label(), LONGEST_NAME);
        String of = DisplayText.line(lease.buildId(), LONGEST_NAME);
        return result.revoked() == 1 ? Messages.Acts_one(label, of) : Messages.Acts_oneGone(label, of);
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
        List<String> failing = store.leases().stream()
                .filter(lease -> lease.failingSince() != null)
                .map(lease -> Util.fixNull(lease.lastError(), Messages.RevocationMonitor_unknown()))
                .toList();
        return did.failed() + did.waiting() == 0 || failing.isEmpty()
                ? new Notice(words, did.failed() == 0)
                : new Notice(words + " " + failed(failing), false);
    }

    /** The most frequent reason, and how many have one. */
    @NonNull
    String failed(@NonNull Collection<String> reasons) {
        String reason = reasons.stream()
                .map(RevocationMonitor.Trouble::withoutIds)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(Messages.RevocationMonitor_unknown());
        return Messages.Acts_failed(String.valueOf(reasons.size()), DisplayText.clause(reason), DisplayTime.text(now));
    }
}
