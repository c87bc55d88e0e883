package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeListTest {
    private static final int TOKENS = 100_000;
    private static final long MEGABYTE = 1 << 20;
    private static final Rules ALL = new Rules(
            Map.of(
                    Rule.OWN_TOKEN_LIVE, Severity.WARN,
                    Rule.NEVER_EXPIRES, Severity.WARN,
                    Rule.EXPIRES_LATE, Severity.WARN,
                    Rule.TOO_MANY, Severity.WARN,
                    Rule.LEFT_BY_BUILD, Severity.WARN,
                    Rule.LABEL_MISMATCH, Severity.WARN),
            1,
            1,
            LabelPattern.parse("ci-[0-9]+"));

    @TempDir
    Path dir;

    /** Made while it is walked, so that the list itself takes no memory. */
    private static Iterable<Token> list(int from) {
        return () -> IntStream.range(from, from + TOKENS)
                .mapToObj(LargeListTest::token)
                .iterator();
    }

    private static Token token(int i) {
        return switch (i % 4) {
            case 0 -> Tokens.forever(i);
            case 1 -> Tokens.ci(i, Duration.ofDays(i % 60));
            case 2 -> Tokens.madeBy(i, "https://ci.example/job/folder/job/some-app/" + i + "/", Duration.ofHours(1));
            default -> Tokens.token(i, "x".repeat(i % 2_000), "y".repeat(i % 500), NOW.plusSeconds(i));
        };
    }

    @Test
    void staysWithinASmallHeap() throws IOException {
        var previous = new StoredReport(dir.resolve("previous.gz"));
        previous.write(finish(new Audit(subject(), ALL, null, CLOCK), list(0)));
        long before = used();

        var audit = new Audit(subject(), ALL, previous, CLOCK);
        Audit.Result result = finish(
                audit,
                list(TOKENS / 2),
                url -> new BuildStates.Build(
                        BuildStates.State.OVER, Set.of(Tokens.id(Integer.parseInt(url.replaceAll("\\D", ""))))));

        long grown = used() - before;
        assertThat(grown).isLessThan(32 * MEGABYTE);
        AuditReport report = result.report();
        assertThat(report.counts().listed()).isEqualTo(TOKENS);
        assertThat(report.truncated()).isTrue();
        assertThat(result.rows()).hasSize(Audit.MAX_ROWS);
        assertThat(report.difference().added()).isEqualTo(TOKENS / 2);
        assertThat(report.difference().gone()).isEqualTo(TOKENS / 2);
        assertThat(report.difference().exact()).isTrue();
        assertThat(report.violations())
                .filteredOn(v -> v.rule() == Rule.LEFT_BY_BUILD)
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.total()).isEqualTo(Audit.MAX_BUILDS);
                    assertThat(violation.unchecked()).isEqualTo(TOKENS / 4 - Audit.MAX_BUILDS);
                });
        assertThat(audit).isNotNull();
    }

    @Test
    void leavesASmallFile() throws IOException {
        var stored = new StoredReport(dir.resolve("report.gz"));

        stored.write(finish(new Audit(subject(), ALL, null, CLOCK), list(0)));

        assertThat(Files.size(stored.file())).isLessThan(5 * MEGABYTE);
        assertThat(stored.rows()).hasSize(Audit.MAX_ROWS);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
