package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One page of the list of open tokens, with what else an administrator wants to know. */
public final class OpenTokensPage {
    static final int ROWS = 100;

    private final OpenTokens open;
    private final OpenTokenFilter filter;
    private final OpenTokenSort sort;
    private final List<Lease> matching;
    private final int number;

    /** @param number of the page, from 1; if there is no such page, the nearest is meant */
    OpenTokensPage(OpenTokens open, OpenTokenFilter filter, int number) {
        this(open, filter, OpenTokenSort.NONE, number);
    }

    OpenTokensPage(OpenTokens open, OpenTokenFilter filter, OpenTokenSort sort, int number) {
        this.open = open;
        this.filter = filter;
        this.sort = sort;
        this.matching = sort.of(open.matching(filter));
        this.number = Math.max(1, Math.min(number, pages()));
    }

    /** At most {@value #ROWS}. */
    @NonNull
    public List<OpenTokenRow> rows() {
        List<Lease> shown = matching.subList(from() - 1, to());
        var builds = shown.stream().map(Lease::buildId).collect(Collectors.toSet());
        Map<String, Long> counts = open.leases().stream()
                .filter(lease -> builds.contains(lease.buildId()))
                .collect(Collectors.groupingBy(Lease::buildId, Collectors.counting()));
        return shown.stream()
                .map(lease ->
                        new OpenTokenRow(lease, counts.get(lease.buildId()).intValue()))
                .toList();
    }

    /** When the newest token of a build was asked for that is open. */
    @NonNull
    Instant newestOf(@NonNull String buildId) {
        return open.leases().stream()
                .filter(lease -> lease.buildId().equals(buildId))
                .map(Lease::openedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** How many tokens are open. */
    public int total() {
        return open.leases().size();
    }

    /** How many of them match the filter. */
    public int matching() {
        return matching.size();
    }

    /** Number of the first row, from 1. */
    public int from() {
        return (number - 1) * ROWS + 1;
    }

    /** Number of the last row. */
    public int to() {
        return Math.min(number * ROWS, matching.size());
    }

    private int pages() {
        return Math.max(1, (matching.size() + ROWS - 1) / ROWS);
    }

    /** The query of the previous page; null if this is the first. */
    @CheckForNull
    public String previous() {
        return number > 1 ? query(number - 1) : null;
    }

    /** The query of the next page; null if this is the last. */
    @CheckForNull
    public String next() {
        return number < pages() ? query(number + 1) : null;
    }

    /** The query of this page's URL, without the question mark. */
    @NonNull
    public String query() {
        return query(number).substring(1);
    }

    private String query(int page) {
        return filter.query(page) + sort.query();
    }

    /** The query of the first page, sorted by that column, or the other way round if it is. */
    @NonNull
    public String sortBy(@NonNull String column) {
        return filter.query(1) + sort.next(OpenTokenSort.Column.valueOf(column)).query();
    }

    /** As {@code aria-sort} has it; null if the list is not sorted by that column. */
    @CheckForNull
    public String sorted(@NonNull String column) {
        return sort.column() != OpenTokenSort.Column.valueOf(column)
                ? null
                : sort.descending() ? "descending" : "ascending";
    }

    /** By what the list is sorted, for the form that filters it; null if by nothing. */
    @CheckForNull
    public String sortColumn() {
        OpenTokenSort.Column column = sort.column();
        return column == null ? null : column.name();
    }

    /** Which way. */
    @NonNull
    public String sortOrder() {
        return sort.descending() ? "desc" : "asc";
    }

    /** The text that is searched for. */
    @NonNull
    public String text() {
        return filter.text();
    }

    /** The states to choose from. */
    @NonNull
    public ListBoxModel states() {
        var model = new ListBoxModel();
        model.add(new ListBoxModel.Option(Messages.OpenTokensPage_anyState(), "", filter.state() == null));
        for (Lease.State state : Lease.State.values()) {
            model.add(new ListBoxModel.Option(OpenTokenRow.words(state), state.name(), state == filter.state()));
        }
        return model;
    }

    /** What the janitor did the last time, and when. */
    @NonNull
    public String lastSweep() {
        return open.lastSweep().map(OpenTokensPage::words).orElseGet(Messages::OpenTokensPage_noSweep);
    }

    private static String words(Janitor.Done last) {
        Janitor.Sweep did = last.did();
        return Messages.OpenTokensPage_lastSweep(
                DisplayTime.text(last.at()),
                String.valueOf(did.revoked()),
                String.valueOf(did.gone()),
                String.valueOf(did.kept()),
                String.valueOf(did.waiting()),
                String.valueOf(did.failed()));
    }

    /** What the janitor leaves alone for a while, one sentence each. */
    @NonNull
    public List<String> pauses() {
        return open.pauses().stream()
                .map(pause ->
                        Messages.OpenTokensPage_pause(DisplayText.line(pause.what()), DisplayTime.text(pause.until())))
                .toList();
    }

    /** The leases that rest, by owner. */
    @NonNull
    public List<RestingGroup> resting() {
        return RestingGroup.of(open.resting());
    }

    /** The leases that were left to another Jenkins, by owner. */
    @NonNull
    public List<RestingGroup> left() {
        return RestingGroup.of(open.left());
    }

    /** Where the files are in which something is no lease. */
    @NonNull
    public List<String> setAside() {
        return open.setAside().stream()
                .map(Path::toString)
                .map(DisplayText::line)
                .sorted()
                .toList();
    }
}
