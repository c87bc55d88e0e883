package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Revocation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what became of tokens that an administrator had revoked. Administrators see all that is known of them. */
final class Acts {
    private static final int LONGEST_NAME = 120;

    private static final Duration JUST_NOW = Duration.ofSeconds(30);

    private final LeaseStore store;
    private final Instant over;

    /** @param over when it was tried to the end; null while it is not */
    Acts(@NonNull LeaseStore store, @CheckForNull Instant over) {
        this.store = store;
        this.over = over;
    }

    /**
     * Of a revocation.
     *
     * @param some that were to be revoked, as they were before
     * @param outcomes what became of them so far, as {@link io.jenkins.plugins.qwiet.grant.TokenRevoker#recall} has it
     */
    @NonNull
    Notice revoked(@NonNull List<Lease> some, @NonNull Map<String, Revocation> outcomes) {
        if (some.isEmpty()) {
            return new Notice(Messages.Acts_nothing(), true);
        }
        String of = DisplayText.line(some.get(0).buildId(), LONGEST_NAME);
        var result = RevocationResult.of(some, outcomes, store);
        if (over == null) {
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

    /** Of a sweep; null while it goes on. */
    @NonNull
    Notice swept(@CheckForNull Janitor.Sweep did) {
        if (did == null) {
            return Notice.soFar(Messages.Acts_sweepGoesOn());
        }
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
        Instant now = Clock.systemUTC().instant();
        Instant tried = over == null ? now : over;
        boolean justNow = Duration.between(tried, now).compareTo(JUST_NOW) < 0;
        return Messages.Acts_failed(
                String.valueOf(reasons.size()), DisplayText.clause(reason), DisplayTime.text(tried), justNow ? 0 : 1);
    }
}
