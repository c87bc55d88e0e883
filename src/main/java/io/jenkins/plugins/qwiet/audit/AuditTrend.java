package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The numbers of a job's latest audits of one organization, the oldest first.
 *
 * @param audits at most {@value #MOST_AUDITS}; none if none of them has numbers
 */
public record AuditTrend(@NonNull List<Point> audits) {
    /** How many a picture shows. */
    public static final int MOST_AUDITS = 50;

    /** How many of the newest builds are looked at. */
    public static final int MOST_BUILDS = 500;

    private static final Logger LOGGER = Logger.getLogger(AuditTrend.class.getName());
    private static final int LONGEST_NUMBER = 9;

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
     * Reads the reports alone, and never a build. A report that cannot be read is passed over.
     *
     * @param builds the directory in which each build of the job has one, which its number names
     */
    @NonNull
    public static AuditTrend of(@NonNull Path builds) {
        List<Point> audits = new ArrayList<>();
        AuditReport newest = null;
        for (int number : newest(builds)) {
            if (audits.size() == MOST_AUDITS) {
                break;
            }
            AuditReport report = report(builds.resolve(String.valueOf(number)));
            if (report == null || (newest != null && isOfAnother(report, newest))) {
                continue;
            }
            newest = newest == null && report.listed() ? report : newest;
            audits.add(new Point(number, report.at(), report.listed() ? report.counts() : null, report.partial()));
        }
        Collections.reverse(audits);
        return new AuditTrend(newest == null ? List.of() : audits);
    }

    /** One that could not even be asked for is of none. */
    private static boolean isOfAnother(AuditReport report, AuditReport newest) {
        return !report.orgId().isEmpty()
                && !(report.orgId().equals(newest.orgId()) && report.api().equals(newest.api()));
    }

    /** A name costs less than the look at what it names: of very many builds only the newest are looked at. */
    private static List<Integer> newest(Path builds) {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(builds, AuditTrend::isNumber)) {
            all.forEach(each -> numbers.add(Integer.valueOf(each.getFileName().toString())));
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.log(Level.FINE, e, () -> "No builds in " + builds);
        }
        return numbers.stream()
                .sorted(Comparator.reverseOrder())
                .limit(MOST_BUILDS)
                .toList();
    }

    private static boolean isNumber(Path each) {
        String name = each.getFileName().toString();
        return !name.isEmpty()
                && name.length() <= LONGEST_NUMBER
                && name.chars().allMatch(c -> c >= '0' && c <= '9');
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
