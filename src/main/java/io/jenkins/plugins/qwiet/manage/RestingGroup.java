package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Leases that rest for one reason: plain text, which the page has to escape.
 *
 * @param leases how many
 * @param why they are taken for another's
 * @param where they were written, as far as that is known
 * @param since when that was noticed
 */
public record RestingGroup(
        int leases,
        @NonNull String why,
        @NonNull String where,
        @NonNull String since) {
    private record Key(String why, String where) {}

    /** The largest first. */
    static List<RestingGroup> of(Collection<RestingLease> resting) {
        return resting.stream().collect(Collectors.groupingBy(RestingGroup::key)).entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(RestingGroup::leases).reversed().thenComparing(RestingGroup::why))
                .toList();
    }

    private static Key key(RestingLease resting) {
        var home = resting.writtenIn();
        String where =
                home.machine().isEmpty() ? home.path() : Messages.RestingGroup_where(home.path(), home.machine());
        return new Key(
                DisplayText.line(resting.why()),
                home.path().isEmpty() ? Messages.RestingGroup_unknown() : DisplayText.line(where));
    }

    private static RestingGroup of(Key key, List<RestingLease> leases) {
        var since = leases.stream()
                .map(RestingLease::since)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new RestingGroup(leases.size(), key.why(), key.where(), DisplayTime.text(since));
    }
}
