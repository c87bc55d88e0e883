package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.grant.LostTokenSearch.Answer;
import io.jenkins.plugins.qwiet.grant.LostTokenSearch.Taken;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.LostTokens.Found;
import io.jenkins.plugins.qwiet.lease.LostTokens.Lost;
import io.jenkins.plugins.qwiet.lease.LostTokens.Maker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what became of a look for tokens without a lease, or of those that an administrator had revoked. */
final class LostTokenActs {
    private LostTokenActs() {}

    /** @param answer null while it is not there */
    @NonNull
    static Notice looked(@NonNull String orgId, @CheckForNull Answer answer) {
        if (answer == null) {
            return Notice.soFar(Messages.LostTokenActs_looks(orgId));
        }
        Found found = answer.found();
        if (found == null) {
            return new Notice(
                    Messages.LostTokenActs_notAsked(orgId, DisplayText.clause(String.valueOf(answer.problem()))),
                    false);
        }
        return new Notice(summary(found), isSure(found));
    }

    /** What was found, in a sentence or some; that there is nothing, only if that is sure. */
    @NonNull
    static String summary(@NonNull Found found) {
        long over = found.count(Maker.OVER);
        long unknown = found.count(Maker.NOT_KNOWN);
        int shown = found.of(OrganizationRow.ORPHANED).size();
        List<String> words = new ArrayList<>();
        if (over > 0 && unknown > 0) {
            words.add(Messages.LostTokenActs_found(
                    String.valueOf(over + unknown), String.valueOf(over), String.valueOf(unknown)));
        } else if (over > 0) {
            words.add(Messages.LostTokenActs_foundOfCompleted(String.valueOf(over)));
        } else if (unknown > 0) {
            words.add(Messages.LostTokenActs_foundOfUnknown(String.valueOf(unknown)));
        } else {
            words.add(isSure(found) ? Messages.LostTokenActs_none() : Messages.LostTokenActs_unsure());
        }
        if (shown < over + unknown) {
            words.add(Messages.LostTokenActs_hidden(shown));
        }
        if (found.count(Maker.OTHER_URL) > 0) {
            words.add(Messages.LostTokenActs_otherUrl(found.count(Maker.OTHER_URL)));
        }
        if (!found.whole()) {
            words.add(Messages.LostTokenActs_partial());
        }
        if (found.more() > 0) {
            words.add(Messages.LostTokenActs_more(found.more()));
        }
        return String.join(" ", words);
    }

    private static boolean isSure(Found found) {
        return found.whole() && found.more() == 0 && found.count(Maker.OTHER_URL) == 0;
    }

    /**
     * @param some that were to be revoked
     * @param taken null while Qwiet is being asked
     * @param over when it was tried to the end; null while it is not
     */
    @NonNull
    static Notice revoked(
            @NonNull Collection<Lost> some,
            @CheckForNull Taken taken,
            @NonNull LeaseStore store,
            @CheckForNull Instant over) {
        if (taken == null) {
            return Notice.soFar(Messages.LostTokenActs_goesOn(String.valueOf(some.size())));
        }
        String problem = taken.problem();
        if (problem != null) {
            return new Notice(Messages.LostTokenActs_nothing(DisplayText.clause(problem)), false);
        }
        var result = RevocationResult.of(taken.leased(), taken.outcomes(), store);
        List<String> words = new ArrayList<>();
        if (some.size() == 1 && result.ended() == 1) {
            words.add(Acts.one(taken.leased().get(0), result));
        } else if (result.revoked() > 0) {
            words.add(Messages.LostTokenActs_many(result.revoked(), result.gone()));
        } else if (result.gone() > 0) {
            words.add(Messages.LostTokenActs_allGone(result.gone()));
        }
        if (!result.failures().isEmpty()) {
            words.add(new Acts(store, over).failed(result.failures()));
        }
        words.addAll(leftAlone(some, taken));
        return new Notice(String.join(" ", words), result.ended() == some.size());
    }

    private static List<String> leftAlone(Collection<Lost> some, Taken taken) {
        Set<String> leased = taken.leased().stream().map(Lease::nonce).collect(Collectors.toSet());
        Map<String, Maker> makers = taken.leftAlone();
        List<Lost> alone =
                some.stream().filter(each -> !leased.contains(each.nonce())).toList();
        long running = alone.stream()
                .filter(each -> makers.get(each.id()) == Maker.RUNNING)
                .count();
        long others = alone.stream()
                .filter(each -> makers.containsKey(each.id()) && makers.get(each.id()) != Maker.RUNNING)
                .count();
        long gone = alone.size() - running - others;
        List<String> words = new ArrayList<>();
        if (running > 0) {
            words.add(Messages.LostTokenActs_running(running));
        }
        if (others > 0) {
            words.add(Messages.LostTokenActs_changed(others));
        }
        if (gone > 0) {
            words.add(Messages.LostTokenActs_gone(gone));
        }
        return words;
    }
}
