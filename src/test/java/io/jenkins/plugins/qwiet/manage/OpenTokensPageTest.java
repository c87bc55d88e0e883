package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.Lease;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The list of open leases, however long it is. */
class OpenTokensPageTest {
    private final List<Lease> leases = IntStream.rangeClosed(1, 10_000)
            .mapToObj(number -> SomeLeases.released(
                    number, "scan " + number, "shop-" + number % 5_000 + "#1", SomeLeases.nowhere()))
            .toList();

    private final OpenTokens open =
            new OpenTokens(leases, List.of(), List.of(), List.of(), Optional.empty(), List.of());

    @Test
    void showsTenThousandAHundredAtATime() {
        var first = new OpenTokensPage(open, OpenTokenFilter.ALL, 1);
        assertThat(first.rows()).hasSize(100);
        assertThat(first.rows().get(0).label()).isEqualTo("scan 1");
        assertThat(first.rows().get(0).ofSameBuild()).isEqualTo(2);
        assertThat(first.previous()).isNull();
        assertThat(first.next()).isEqualTo("?q=&state=&page=2");

        var last = new OpenTokensPage(open, OpenTokenFilter.ALL, 1_000_000);
        assertThat(last.from()).isEqualTo(9_901);
        assertThat(last.to()).isEqualTo(10_000);
        assertThat(last.rows().get(99).label()).isEqualTo("scan 10000");
        assertThat(last.next()).isNull();
        assertThat(last.previous()).isEqualTo("?q=&state=&page=99");
    }

    @Test
    void findsAmongThem() {
        var page = new OpenTokensPage(open, OpenTokenFilter.parse(" SCAN 123 ", "released"), 1);
        assertThat(page.rows()).extracting(OpenTokenRow::label).hasSize(11).contains("scan 123", "scan 1230");
        assertThat(page.total()).isEqualTo(10_000);
        assertThat(page.matching()).isEqualTo(11);
        assertThat(new OpenTokensPage(open, OpenTokenFilter.parse("", "LIVE"), 3).rows())
                .isEmpty();
        assertThat(OpenTokenFilter.parse(null, "nonsense")).isEqualTo(OpenTokenFilter.ALL);
    }

    @Test
    void countsAsPeopleDo() {
        var builds = new OpenTokens(
                List.of(
                        SomeLeases.released(1, "burst2 10", "shop#10", SomeLeases.nowhere()),
                        SomeLeases.released(2, "Burst2 2", "shop#9", SomeLeases.nowhere()),
                        SomeLeases.released(3, "burst2 1", "shop#2", SomeLeases.nowhere())),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        for (String column : List.of("TOKEN", "BUILD")) {
            var up = new OpenTokensPage(builds, OpenTokenFilter.ALL, OpenTokenSort.parse(column, "asc"), 1);
            assertThat(up.rows()).extracting(OpenTokenRow::label).containsExactly("burst2 1", "Burst2 2", "burst2 10");
            var down = new OpenTokensPage(builds, OpenTokenFilter.ALL, OpenTokenSort.parse(column, "desc"), 1);
            assertThat(down.rows()).extracting(OpenTokenRow::label).first().isEqualTo("burst2 10");
        }
    }

    @Test
    void keepsTheFilterInItsAddresses() {
        assertThat(OpenTokenFilter.parse("a&b=<c>", "LIVE").query(2)).isEqualTo("?q=a%26b%3D%3Cc%3E&state=LIVE&page=2");
    }

    @Test
    void saysWhatTheJanitorDid() {
        var at = Instant.parse("2026-08-03T10:00:00Z");
        var page = new OpenTokensPage(
                new OpenTokens(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(Path.of("a\u202eb")),
                        Optional.of(new Janitor.Done(at, new Janitor.Sweep(1, 2, 3, 4, 5))),
                        List.of(new Janitor.Pause("https://qwiet.example", at))),
                OpenTokenFilter.ALL,
                1);
        assertThat(page.rows()).isEmpty();
        assertThat(page.lastSweep())
                .contains(
                        "2026-08-03 10:00 UTC",
                        "1 revoked",
                        "2 already gone",
                        "3 in use",
                        "5 to be retried",
                        "4 failed");
        assertThat(page.pauses()).singleElement().asString().contains("https://qwiet.example", "10:00 UTC");
        assertThat(page.setAside()).containsExactly("a\\u202eb");
    }
}
