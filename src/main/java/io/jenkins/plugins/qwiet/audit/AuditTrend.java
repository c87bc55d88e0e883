package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The numbers of a job's latest audits of one organization, the oldest first.
 *
 * @param audits at most {@value #MOST_AUDITS}; none if none of them has numbers
 * @param ofOthers how many audits among them are left out: they are of another organization, or of another API
 */
public record AuditTrend(@NonNull List<Point> audits, int ofOthers) {
    /** Of a job without audits. */
    public static final AuditTrend NONE = new AuditTrend(List.of(), 0);

    /** How many a picture shows. */
    public static final int MOST_AUDITS = 50;

    /** How many of the newest builds are looked at. */
    public static final int MOST_BUILDS = 500;
    /** Of so many builds without an audit nobody expects one behind them: most jobs have none at all. */
    static final int WIDEST_GAP = 100;

    private static final Logger LOGGER = Logger.getLogger(AuditTrend.class.getName());

    public AuditTrend {
        audits = List.copyOf(audits);
    }

    /**
     * An audited build.
     *
     * @param build its number
     * @param counts null if the organization's tokens could not be listed
     * @param partial whether the list may not have been the whole
     */
    public record Point(
            int build, @NonNull Instant at, @CheckForNull Counts counts, boolean partial) {}

    /**
     * Reads the reports alone, and neither a build nor the list of them. A report that cannot be read is passed over.
     *
     * @param builds the directory in which each build of the job has one, which its number names
     * @param last the number of the newest build
     */
    @NonNull
    public static AuditTrend of(@NonNull Path builds, int last) {
        List<AuditReport> reports = new ArrayList<>();
        List<Point> audits = new ArrayList<>();
        AuditReport newest = null;
        int ofOthers = 0;
        int gap = 0;
        for (int number = last; number > Math.max(0, last - MOST_BUILDS); number--) {
            AuditReport report = report(builds.resolve(String.valueOf(number)));
            gap = report == null ? gap + 1 : 0;
            if (gap == WIDEST_GAP || newest != null && audits.size() == MOST_AUDITS) {
                break;
            }
            if (report == null) {
                continue;
            }
            if (newest != null && isOfAnother(report, newest)) {
                ofOthers++;
                continue;
            }
            if (newest == null && report.listed()) {
                newest = report;
                // Those that failed since then may have been of another.
                for (int i = reports.size() - 1; i >= 0; i--) {
                    if (isOfAnother(reports.get(i), newest)) {
                        audits.remove(i);
                        ofOthers++;
                    }
                }
                if (audits.size() >= MOST_AUDITS) {
                    // None of those that would be shown has numbers.
                    return NONE;
                }
            }
            reports.add(report);
            audits.add(new Point(number, report.at(), report.listed() ? report.counts() : null, report.partial()));
        }
        Collections.reverse(audits);
        return newest == null ? NONE : new AuditTrend(audits, ofOthers);
    }

    /** One that could not even be asked for is of none. */
    private static boolean isOfAnother(AuditReport report, AuditReport newest) {
        return !report.orgId().isEmpty()
                && !(report.orgId().equals(newest.orgId()) && report.api().equals(newest.api()));
    }

    @CheckForNull
    private static AuditReport report(Path build) {
        Path file = build.resolve(StoredReport.FILE_NAME);
        try {
            return Files.isRegularFile(file) ? new StoredReport(file).report() : null;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Passing over " + file);
            return null;
        }
    }
}
