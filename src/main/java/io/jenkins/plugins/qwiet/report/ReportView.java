package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.api.DisplayTime;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.RowQuery;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * A report as the pages show it: plain text, which they have to escape.
 *
 * @param report no more of it than the reader may see; null if it cannot be read
 * @param own this build's tokens
 * @param verdicts the violated rules, the most severe first
 * @param organization whether the reader may see the organization's tokens
 */
public record ReportView(
        @CheckForNull AuditReport report,
        @NonNull List<OwnTokenView> own,
        @NonNull List<ViolationView> verdicts,
        boolean organization) {
    private static final int LONGEST = 500;

    static ReportView of(Run<?, ?> run, AuditReport whole, ReportAccess access) {
        List<TokenRecord> records =
                BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of());
        AuditReport report = access.visible(whole);
        return new ReportView(
                report,
                report.own().stream()
                        .map(token -> OwnTokenView.of(token, records))
                        .toList(),
                report.violations().stream()
                        .map(violation -> ViolationView.of(violation, access))
                        .toList(),
                access.toOrganization());
    }

    static ReportView unreadable() {
        return new ReportView(null, List.of(), List.of(), false);
    }

    /** Whether there is anything to show. */
    public boolean readable() {
        return report != null;
    }

    /** When the list was requested. */
    @CheckForNull
    public DisplayTime at() {
        return report == null ? null : DisplayTime.of(report.at());
    }

    /** The verdict in a word. */
    @CheckForNull
    public Badge verdict() {
        return report == null ? null : Badge.of(report.worst());
    }

    /** The result in one sentence, for the page of the build. */
    @NonNull
    public String headline() {
        if (report == null) {
            return Messages.ReportView_unreadable();
        } else if (!report.listed()) {
            return Messages.ReportView_notListed();
        }
        Counts counts = report.counts();
        return Messages.ReportView_headline(
                String.valueOf(counts.liveCi()),
                String.valueOf(counts.neverExpire()),
                String.valueOf(counts.leftBehind()));
    }

    /** Why there is no list; null if there is one. */
    @CheckForNull
    public String failure() {
        ListFailure failure = report == null ? null : report.failure();
        return failure == null ? null : DisplayText.line(failure.reason(), LONGEST);
    }

    /** What to do about the failure; empty if there is nothing to say. */
    @NonNull
    public String advice() {
        ListFailure failure = report == null ? null : report.failure();
        return failure == null ? "" : DisplayText.line(failure.advice(), LONGEST);
    }

    /** The numbers. */
    @NonNull
    public List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        if (report != null && report.listed()) {
            Counts counts = report.counts();
            facts.add(fact(Messages.ReportView_liveCi(), counts.liveCi(), RowQuery.View.LIVE));
            facts.add(fact(Messages.ReportView_neverExpire(), counts.neverExpire(), RowQuery.View.NEVER_EXPIRES));
            facts.add(fact(Messages.ReportView_madeByJenkins(), counts.madeByJenkins(), RowQuery.View.MADE_BY_JENKINS));
            facts.add(fact(Messages.ReportView_leftBehind(), counts.leftBehind(), RowQuery.View.LEFT_BEHIND));
            if (report.includeExpired()) {
                facts.add(fact(Messages.ReportView_expired(), counts.expired(), RowQuery.View.EXPIRED));
            }
        }
        return facts;
    }

    private Fact fact(String name, long number, RowQuery.View view) {
        return new Fact(name, number, rows() ? "?view=" + view + "#qwiet-organization" : null);
    }

    /** The organization. */
    @NonNull
    public String orgId() {
        return report == null ? "" : DisplayText.line(report.orgId(), LONGEST);
    }

    /** What changed since the previous audit; null if there is none to compare with. */
    @CheckForNull
    public DifferenceView difference() {
        Difference difference = report == null ? null : report.difference();
        return difference == null ? null : DifferenceView.of(difference);
    }

    /** Whether there are rows of the organization's list that the reader may see. */
    public boolean rows() {
        return organization && report != null && report.listed();
    }

    /** Why the list may not be the whole; null if it is. */
    @CheckForNull
    public String partial() {
        if (report == null || !report.partial()) {
            return null;
        }
        return report.moved() ? Messages.ReportView_moved() : Messages.ReportView_partial();
    }

    /** That only the first tokens are kept; null if all are. */
    @CheckForNull
    public String truncated() {
        return report != null && report.listed() && report.truncated()
                ? Messages.ReportView_truncated(
                        String.valueOf(report.rowsKept()),
                        String.valueOf(report.counts().listed()))
                : null;
    }

    /**
     * A number and what it counts.
     *
     * @param tokens the address of the list of them, from this page; null if the reader may not see it
     */
    public record Fact(
            @NonNull String name, long number, @CheckForNull String tokens) {}
}
