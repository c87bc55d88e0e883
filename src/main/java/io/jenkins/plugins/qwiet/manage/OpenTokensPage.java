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

/** One page of the list of open leases, and what else an administrator wants to know with it. */
public final class OpenTokensPage {
    static final int ROWS = 100;

    private final OpenTokens open;
    private final OpenTokenFilter filter;
    private final List<Lease> matching;
    private final int number;

    /** @param number of the page, from 1; one that is not there means the nearest that is */
    OpenTokensPage(OpenTokens open, OpenTokenFilter filter, int number) {
        this.open = open;
        this.filter = filter;
        this.matching = open.matching(filter);
        this.number = Math.max(1, Math.min(number, pages()));
    }

    /** At most a hundred. */
    @NonNull
    public List<OpenTokenRow> getRows() {
        List<Lease> shown = matching.subList(getFrom() - 1, getTo());
        var builds = shown.stream().map(Lease::buildId).collect(Collectors.toSet());
        Map<String, Long> counts = open.leases().stream()
                .filter(lease -> builds.contains(lease.buildId()))
                .collect(Collectors.groupingBy(Lease::buildId, Collectors.counting()));
        return shown.stream()
                .map(lease ->
                        new OpenTokenRow(lease, counts.get(lease.buildId()).intValue()))
                .toList();
    }

    /** How many are open. */
    public int getTotal() {
        return open.leases().size();
    }

    /** How many of them the filter lets through. */
    public int getMatching() {
        return matching.size();
    }

    /** Number of the first row, from 1. */
    public int getFrom() {
        return (number - 1) * ROWS + 1;
    }

    /** Number of the last row. */
    public int getTo() {
        return Math.min(number * ROWS, matching.size());
    }

    private int pages() {
        return Math.max(1, (matching.size() + ROWS - 1) / ROWS);
    }

    /** Null if this is the first. */
    @CheckForNull
    public String getPrevious() {
        return number > 1 ? filter.query(number - 1) : null;
    }

    /** Null if this is the last. */
    @CheckForNull
    public String getNext() {
        return number < pages() ? filter.query(number + 1) : null;
    }

    /** Of the address of this page, without the question mark. */
    @NonNull
    public String getQuery() {
        return filter.query(number).substring(1);
    }

    @NonNull
    public String getText() {
        return filter.text();
    }

    /** What can be chosen. */
    @NonNull
    public ListBoxModel getStates() {
        var model = new ListBoxModel();
        model.add(new ListBoxModel.Option(Messages.OpenTokensPage_anyState(), "", filter.state() == null));
        for (Lease.State state : Lease.State.values()) {
            model.add(new ListBoxModel.Option(StateWords.of(state), state.name(), state == filter.state()));
        }
        return model;
    }

    /** What the janitor did the last time, and when. */
    @NonNull
    public String getLastSweep() {
        return open.lastSweep().map(OpenTokensPage::words).orElseGet(Messages::OpenTokensPage_noSweep);
    }

    private static String words(Janitor.Done last) {
        Janitor.Sweep did = last.did();
        return Messages.OpenTokensPage_lastSweep(
                DisplayTime.text(last.at()), did.revoked(), did.expired(), did.kept(), did.waiting(), did.failed());
    }

    /** What the janitor leaves alone for a while, one sentence each. */
    @NonNull
    public List<String> getPauses() {
        return open.pauses().stream()
                .map(pause ->
                        Messages.OpenTokensPage_pause(DisplayText.line(pause.what()), DisplayTime.text(pause.until())))
                .toList();
    }

    /** Where the files are that are no leases. */
    @NonNull
    public List<String> getSetAside() {
        return open.setAside().stream()
                .map(Path::toString)
                .map(DisplayText::line)
                .sorted()
                .toList();
    }
}
