package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.AuditTrend.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a job's audits are in its trend, and how many are said to be left out. */
class TrendOfFailuresTest {
    private static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";
    private static final String OTHER = "0d1c2b3a-0000-4000-8000-000000000002";
    private static final String API = "https://qwiet.example/api/v4";

    @TempDir
    Path builds;

    private int last;

    private void audited(int build, String orgId) throws IOException {
        write(build, API, orgId, null, new Counts(build, build, 2, 0, 0, 1, 3));
    }

    private void failed(int build, String orgId) throws IOException {
        write(build, API, orgId, new ListFailure(404, "no", ""), Counts.NONE);
    }

    private void write(int build, String api, String orgId, ListFailure failure, Counts counts) throws IOException {
        var report = new AuditReport(
                Tokens.NOW,
                "app #" + build,
                api,
                orgId,
                false,
                false,
                failure,
                counts,
                List.of(),
                List.of(),
                null,
                0,
                false,
                false);
        last = Math.max(last, build);
        Path directory = Files.createDirectories(builds.resolve(String.valueOf(build)));
        try (var out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(StoredReport.FILE_NAME)))) {
            ReportJson.write(report, List.of(), null, out);
        }
    }

    /**
     * Somebody mistyped the organization's id: each audit since then fails, and is of another organization. docs/audit.md: "the numbers of
     * its last 50 audits of one organization, among its last 500 builds".
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 49, 50, 51, 200})
    void failedAuditsOfAnotherOrganizationHideNone(int failures) throws IOException {
        audited(1, ORG);
        audited(2, ORG);
        for (int i = 1; i <= failures; i++) {
            failed(2 + i, OTHER);
        }

        AuditTrend trend = AuditTrend.of(builds, last);
        assertThat(trend.audits()).extracting(Point::build).containsExactly(1, 2);
        assertThat(trend.ofOthers()).isEqualTo(failures);
    }

    /** The last audits failed since the service account expired: the numbers before are those that a person looks for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 48, 50, 60})
    void failedAuditsOfTheSameOrganization(int failures) throws IOException {
        audited(1, ORG);
        for (int i = 1; i <= failures; i++) {
            failed(1 + i, ORG);
        }
        assertThat(AuditTrend.of(builds, last).audits())
                .as("none, if none of the last 50 has numbers")
                .hasSize(failures < 50 ? failures + 1 : 0);
    }

    @Test
    void theNumberLeftOutIsOfThoseAmongThem() throws IOException {
        for (int build = 1; build <= 200; build++) {
            audited(build, build % 2 == 0 ? ORG : OTHER);
        }
        AuditTrend trend = AuditTrend.of(builds, last);
        assertThat(trend.audits()).hasSize(50).first().extracting(Point::build).isEqualTo(102);
        assertThat(trend.ofOthers())
                .as("between the first that is shown and the last")
                .isEqualTo(49);
    }

    @Test
    void anotherAddressIsAnotherOrganization() throws IOException {
        write(1, "https://other.example/api/v4", ORG, null, new Counts(1, 1, 0, 0, 0, 0, 0));
        audited(2, ORG);
        assertThat(AuditTrend.of(builds, last).audits()).hasSize(1);
        assertThat(AuditTrend.of(builds, last).ofOthers()).isEqualTo(1);
    }

    @Test
    void curvesOfAnyNumbersStayInThePicture() {
        for (int size : new int[] {1, 2, 3, 49, 50}) {
            for (long most : new long[] {0, 1, 9, 10, 99_999, Long.MAX_VALUE}) {
                var values = new java.util.ArrayList<Long>();
                for (int i = 0; i < size; i++) {
                    values.add(i % 3 == 1 ? null : most / (i + 1));
                }
                var curve = new TrendCurve(values);
                double before = -1;
                for (int i = 0; i < size; i++) {
                    TrendCurve.Dot dot = curve.dot(i);
                    if (dot != null) {
                        assertThat(Double.parseDouble(dot.x()))
                                .isBetween((double) curve.left(), 300.0)
                                .isGreaterThan(before);
                        assertThat(Double.parseDouble(dot.y())).isBetween(8.0, 76.0);
                        assertThat(Double.parseDouble(dot.from()) + Double.parseDouble(dot.width()))
                                .isBetween(0.0, 300.1);
                        assertThat(Double.parseDouble(dot.width())).isPositive();
                        before = Double.parseDouble(dot.x());
                    }
                }
            }
        }
    }
}
