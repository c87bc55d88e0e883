package io.jenkins.plugins.qwiet.manage;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One page of the list of open tokens, with what else an administrator wants to know. */
public final class OpenTokensPage {
    static final int ROWS = 100;

    private final OpenTokens open;
    private final OpenTokenFilter filter;
    private final List<Lease> matching;
    private final int number;

    /** @param number of the page, from 1; if there is no such page, the nearest is meant */
    OpenTokensPage(OpenTokens open, OpenTokenFilter filter, int number) {
        this.open = open;
        this.filter = filter;
        this.matching = open.matching(filter);
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
        return number > 1 ? filter.query(number - 1) : null;
    }

    /** The query of the next page; null if this is the last. */
    @CheckForNull
    public String next() {
        return number < pages() ? filter.query(number + 1) : null;
    }

    /** The query of this page's URL, without the question mark. */
    @NonNull
    public String query() {
        return filter.query(number).substring(1);
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
                DisplayTime.text(last.at()), did.revoked(), did.gone(), did.kept(), did.waiting(), did.failed());
    }

    /** What the janitor leaves alone for a while, one sentence each. */
    @NonNull
    public List<String> pauses() {
        return open.pauses().stream()
                .map(pause ->
                        Messages.OpenTokensPage_pause(DisplayText.line(pause.what()), DisplayTime.text(pause.until())))
                .toList();
    }

    /** The leases that rest, by reason. */
    @NonNull
    public List<RestingGroup> resting() {
        return RestingGroup.of(open.resting());
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
