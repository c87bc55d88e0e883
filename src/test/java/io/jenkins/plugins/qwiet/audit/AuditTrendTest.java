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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job's latest audits found, read from the directories of its builds. */
class AuditTrendTest {
    private static final String ORG = "0d1c2b3a-0000-4000-8000-000000000001";
    private static final String OTHER = "0d1c2b3a-0000-4000-8000-000000000002";

    @TempDir
    Path builds;

    private void audited(int build, String orgId, long live) throws IOException {
        write(build, orgId, null, new Counts(live, live, 2, 0, 0, 1, 3));
    }

    private void failed(int build, String orgId) throws IOException {
        write(build, orgId, new ListFailure(503, "no", ""), Counts.NONE);
    }

    private void write(int build, String orgId, ListFailure failure, Counts counts) throws IOException {
        write(build, "https://qwiet.example/api/v4", orgId, failure, counts);
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

    /**
     * Somebody mistyped the organization's id: each audit since then fails, and is of another organization. docs/audit.md: "the numbers of
     * its last 50 audits of one organization, among its last 500 builds".
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 49, 50, 51, 200})
    void failedAuditsOfAnotherOrganizationHideNone(int failures) throws IOException {
        audited(1, ORG, 5);
        audited(2, ORG, 5);
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
        audited(1, ORG, 5);
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
            audited(build, build % 2 == 0 ? ORG : OTHER, 5);
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
        audited(2, ORG, 5);
        assertThat(AuditTrend.of(builds, last).audits()).hasSize(1);
        assertThat(AuditTrend.of(builds, last).ofOthers()).isEqualTo(1);
    }
}
