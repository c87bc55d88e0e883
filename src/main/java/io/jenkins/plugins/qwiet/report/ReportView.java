package io.jenkins.plugins.qwiet.report;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.api.DisplayText;
import io.jenkins.plugins.qwiet.audit.AuditReport;
import io.jenkins.plugins.qwiet.audit.Counts;
import io.jenkins.plugins.qwiet.audit.Difference;
import io.jenkins.plugins.qwiet.audit.DisplayTime;
import io.jenkins.plugins.qwiet.audit.ListFailure;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.TokenRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report as the pages show it: plain texts, still to be escaped as HTML. */
public final class ReportView {
    private static final int LONGEST = 500;

    @CheckForNull
    private final AuditReport report;

    private final List<OwnTokenView> own;
    private final List<ViolationView> verdicts;
    private final boolean organization;

    private ReportView(
            @CheckForNull AuditReport report,
            List<OwnTokenView> own,
            List<ViolationView> verdicts,
            boolean organization) {
        this.report = report;
        this.own = own;
        this.verdicts = verdicts;
        this.organization = organization;
    }

    /**
     * Shows a report.
     *
     * @param report no more of it than may be seen
     * @param organization whether the organization's rows may be seen
     */
    static ReportView of(@NonNull Run<?, ?> run, @NonNull AuditReport report, boolean organization) {
        Map<String, TokenRecord> records = BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of()).stream()
                .collect(Collectors.toMap(TokenRecord::getId, Function.identity(), (older, newer) -> newer));
        var builds = new VisibleBuilds();
        return new ReportView(
                report,
                report.own().stream()
                        .map(token -> new OwnTokenView(token, records.get(token.id())))
                        .toList(),
                report.violations().stream()
                        .map(violation -> ViolationView.of(violation, builds))
                        .toList(),
                organization);
    }

    static ReportView unreadable(boolean organization) {
        return new ReportView(null, List.of(), List.of(), organization);
    }

    /** Whether there is anything to show. */
    public boolean isReadable() {
        return report != null;
    }

    /** When the list was asked for. */
    @CheckForNull
    public DisplayTime getAt() {
        return report == null ? null : DisplayTime.of(report.at());
    }

    /** The verdict in a word. */
    @CheckForNull
    public Badge getVerdict() {
        return report == null ? null : Badge.of(report.worst());
    }

    /** The result in one sentence, for the page of the build. */
    @NonNull
    public String getHeadline() {
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
    public String getFailure() {
        ListFailure failure = report == null ? null : report.failure();
        return failure == null ? null : DisplayText.line(failure.reason(), LONGEST);
    }

    /** What to do about that; empty if there is nothing to say. */
    @NonNull
    public String getAdvice() {
        ListFailure failure = report == null ? null : report.failure();
        return failure == null ? "" : DisplayText.line(failure.advice(), LONGEST);
    }

    /** The numbers. */
    @NonNull
    public List<Fact> getFacts() {
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
    public String getOrgId() {
        return report == null ? "" : DisplayText.line(report.orgId(), LONGEST);
    }

    /** The broken rules, the heaviest first. */
    @NonNull
    public List<ViolationView> getVerdicts() {
        return verdicts;
    }

    /** This build's tokens. */
    @NonNull
    public List<OwnTokenView> getOwn() {
        return own;
    }

    /** What changed since an earlier audit; null if there is none to compare with. */
    @CheckForNull
    public DifferenceView getDifference() {
        Difference difference = report == null ? null : report.difference();
        return difference == null ? null : new DifferenceView(difference);
    }

    /** Whether the organization's tokens may be seen. */
    public boolean isOrganization() {
        return organization;
    }

    /** Whether there are rows of the organization's list to be shown. */
    public boolean isRows() {
        return organization && report != null && report.listed();
    }

    /** That not all is kept; null if all is. */
    @CheckForNull
    public String getTruncated() {
        return report != null && report.listed() && report.truncated()
                ? Messages.ReportView_truncated(
                        report.rowsKept(), report.counts().listed())
                : null;
    }

    /** A number and what it counts. */
    public static final class Fact {
        private final String name;
        private final long number;

        Fact(String name, long number) {
            this.name = name;
            this.number = number;
        }

        @NonNull
        public String getName() {
            return name;
        }

        public long getNumber() {
            return number;
        }
    }
}
