package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.AuditReport.ListFailure;
import io.jenkins.plugins.qwiet.audit.AuditTrend.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job's latest audits found, read from the directories of its builds. */
class AuditTrendTest {
    private static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";

    @TempDir
    Path builds;

    private void audited(int build, String orgId, long live) throws IOException {
        write(build, orgId, null, new Counts(live, live, 2, 0, 0, 1, 3));
    }

    private void failed(int build, String orgId) throws IOException {
        write(build, orgId, new ListFailure(503, "no", ""), Counts.NONE);
    }

    private void write(int build, String orgId, ListFailure failure, Counts counts) throws IOException {
        var report = new AuditReport(
                Tokens.NOW,
                "app #" + build,
                "https://qwiet.example/api/v4",
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

    private int last;

    private List<Integer> found() {
        return AuditTrend.of(builds, last).audits().stream().map(Point::build).toList();
    }

    @Test
    void theOldestComesFirst() throws IOException {
        audited(9, ORG, 5);
        audited(10, ORG, 6);
        audited(100, ORG, 7);
        Files.createDirectories(builds.resolve("11"));

        List<Point> audits = AuditTrend.of(builds, last).audits();

        assertThat(audits).extracting(Point::build).containsExactly(9, 10, 100);
        assertThat(audits).extracting(point -> point.counts().liveCi()).containsExactly(5L, 6L, 7L);
        assertThat(audits.get(0).at()).isEqualTo(Tokens.NOW);
    }

    @Test
    void thereIsNoneWithoutAnAuditThatHasNumbers() throws IOException {
        assertThat(AuditTrend.of(builds.resolve("missing"), 7).audits()).isEmpty();
        assertThat(found()).isEmpty();
        Files.createDirectories(builds.resolve("1"));
        failed(2, ORG);
        failed(3, "");
        assertThat(found()).isEmpty();
    }

    @Test
    void aFailedAuditIsAGap() throws IOException {
        audited(1, ORG, 5);
        failed(2, ORG);
        failed(3, "");
        audited(4, ORG, 5);
        failed(5, "");

        List<Point> audits = AuditTrend.of(builds, last).audits();

        assertThat(audits).extracting(Point::build).containsExactly(1, 2, 3, 4, 5);
        assertThat(audits)
                .filteredOn(point -> point.counts() == null)
                .extracting(Point::build)
                .containsExactly(2, 3, 5);
    }

    @Test
    void numbersOfAnotherOrganizationAreNotMixedIn() throws IOException {
        audited(1, "another", 500);
        audited(2, ORG, 5);
        failed(3, "another");
        audited(4, ORG, 6);

        assertThat(found()).containsExactly(2, 4);
        assertThat(AuditTrend.of(builds, last).ofOthers()).isEqualTo(2);
    }

    @Test
    void norAreFailedAuditsOfAnotherThatAreNewer() throws IOException {
        audited(1, ORG, 5);
        failed(2, "another");
        failed(3, ORG);
        failed(4, "another");

        assertThat(found()).containsExactly(1, 3);
        assertThat(AuditTrend.of(builds, last).ofOthers()).isEqualTo(2);
    }

    @Test
    void ofVeryManyTheNewestAreRead() throws IOException {
        for (int build = 1; build <= AuditTrend.MOST_AUDITS + 5; build++) {
            audited(build, ORG, build);
        }

        assertThat(found()).hasSize(AuditTrend.MOST_AUDITS).startsWith(6);
    }

    @Test
    void ofVeryManyBuildsOnlyTheNewestAreLookedAt() throws IOException {
        int oldest = 1_000 - AuditTrend.MOST_BUILDS + 1;
        for (int build = 1_000; build >= oldest - 1; build -= AuditTrend.WIDEST_GAP - 1) {
            audited(build, ORG, 1);
        }
        audited(oldest, ORG, 1);
        audited(oldest - 1, ORG, 1);

        assertThat(found()).startsWith(oldest).hasSize(7);
    }

    @Test
    void whereManyBuildsHadNoneNoneIsLookedForBehindThem() throws IOException {
        audited(1, ORG, 1);
        audited(1 + AuditTrend.WIDEST_GAP, ORG, 1);
        assertThat(found()).containsExactly(1, 1 + AuditTrend.WIDEST_GAP);

        last++;
        assertThat(found()).containsExactly(1, 1 + AuditTrend.WIDEST_GAP);
        last = 1 + 2 * AuditTrend.WIDEST_GAP;
        assertThat(found()).isEmpty();
    }

    @Test
    void whatIsDamagedOrNoBuildIsPassedOver() throws IOException {
        audited(1, ORG, 5);
        Path damaged = Files.createDirectories(builds.resolve("2"));
        Files.write(damaged.resolve(StoredReport.FILE_NAME), "no gzip".getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(builds.resolve("3").resolve(StoredReport.FILE_NAME));
        for (String name :
                List.of("legacyIds", "lastStableBuild", "2015-01-01_00-00-00", "-4", "99999999999", "\u0665")) {
            Files.createDirectories(builds.resolve(name));
        }

        assertThat(found()).containsExactly(1);
    }
}
