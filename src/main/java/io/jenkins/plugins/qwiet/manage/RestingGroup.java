package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.lease.RestingLease;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Leases of one owner that rest, or were left to it: plain text, which the page has to escape.
 *
 * @param leases how many
 * @param owner names who wrote them
 * @param why they are taken for another's
 * @param where they were written, as far as that is known
 * @param since when that was noticed
 */
public record RestingGroup(
        int leases,
        @NonNull String owner,
        @NonNull String why,
        @NonNull String where,
        @NonNull String since) {
    /** The largest first. */
    static List<RestingGroup> of(Collection<RestingLease> resting) {
        return resting.stream().collect(Collectors.groupingBy(RestingLease::owner)).values().stream()
                .map(RestingGroup::ofOne)
                .sorted(Comparator.comparing(RestingGroup::leases)
                        .reversed()
                        .thenComparing(RestingGroup::why)
                        .thenComparing(RestingGroup::owner))
                .toList();
    }

    /** The owner, as the query of an address. */
    @NonNull
    public String query() {
        return "owner=" + URLEncoder.encode(owner, StandardCharsets.UTF_8);
    }

    private static RestingGroup ofOne(List<RestingLease> leases) {
        RestingLease first =
                leases.stream().min(Comparator.comparing(RestingLease::since)).orElseThrow();
        var home = first.writtenIn();
        String where =
                home.machine().isEmpty() ? home.path() : Messages.RestingGroup_where(home.path(), home.machine());
        return new RestingGroup(
                leases.size(),
                first.owner(),
                DisplayText.line(first.why()),
                home.path().isEmpty() ? Messages.RestingGroup_unknown() : DisplayText.line(where),
                DisplayTime.text(first.since()));
    }
}
