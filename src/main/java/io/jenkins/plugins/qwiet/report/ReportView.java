package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
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
        return Messages.ReportView_headline(counts.liveCi(), counts.neverExpire(), counts.leftBehind());
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
            facts.add(new Fact(Messages.ReportView_liveCi(), counts.liveCi()));
            facts.add(new Fact(Messages.ReportView_neverExpire(), counts.neverExpire()));
            facts.add(new Fact(Messages.ReportView_madeByJenkins(), counts.madeByJenkins()));
            facts.add(new Fact(Messages.ReportView_leftBehind(), counts.leftBehind()));
            if (report.includeExpired()) {
                facts.add(new Fact(Messages.ReportView_expired(), counts.expired()));
            }
        }
        return facts;
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

    /** That Qwiet listed a part only; null if it listed all. */
    @CheckForNull
    public String partial() {
        return report != null && report.partial() ? Messages.ReportView_partial() : null;
    }

    /** That only the first tokens are kept; null if all are. */
    @CheckForNull
    public String truncated() {
        return report != null && report.listed() && report.truncated()
                ? Messages.ReportView_truncated(
                        report.rowsKept(), report.counts().listed())
                : null;
    }

    /** A number and what it counts. */
    public record Fact(@NonNull String name, long number) {}
}
