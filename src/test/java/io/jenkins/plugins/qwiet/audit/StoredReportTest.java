package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.BUILD;
import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.ci;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.forever;
import static io.jenkins.plugins.qwiet.audit.Tokens.id;
import static io.jenkins.plugins.qwiet.audit.Tokens.madeBy;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static io.jenkins.plugins.qwiet.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.jenkins.plugins.qwiet.api.DisplayTextTest;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.AuditReport.Counts;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredReportTest {
    private static final Rules ALL = new Rules(
            Map.of(
                    Rule.OWN_TOKEN_LIVE, Severity.WARN,
                    Rule.NEVER_EXPIRES, Severity.WARN,
                    Rule.EXPIRES_LATE, Severity.UNSTABLE,
                    Rule.TOO_MANY, Severity.FAIL,
                    Rule.LABEL_MISMATCH, Severity.WARN),
            1,
            1,
            LabelPattern.parse("ci-.*"));

    /** As version 1 was written by the first release: never to be changed. */
    private static final String FIRST_RELEASE = """
            {"version":1,
             "report":{"at":"2026-08-01T12:00:00Z","build":"app #12","api":"https://qwiet.example/api/v4","orgId":"o",
              "includeExpired":false,"includeIntegrations":false,
              "counts":{"listed":2,"liveCi":2,"neverExpire":1,"expired":0,"otherTypes":0,"madeByJenkins":1,"leftBehind":0},
              "own":[{"id":"1","label":"a","mintedAt":"2026-08-01T11:00:00Z","expiresAt":"2026-08-01T13:00:00Z","life":"LIVE"}],
              "violations":[{"rule":"NEVER_EXPIRES","severity":"FAIL","total":1,"unchecked":0,
               "findings":[{"id":"2","label":"b"}]}],
              "rowsKept":2},
             "tokens":[
              {"id":"1","label":"a","description":"d","type":"access","expiresAt":"2026-08-01T13:00:00Z","live":true,
               "madeBy":"THIS_BUILD","build":"https://ci.example/job/app/12/"},
              {"id":"2","label":"b","type":"access","live":true,"madeBy":"NOT_JENKINS"}],
             "index":"AQ=="}
            """;

    @TempDir
    Path dir;

    private StoredReport stored;

    @BeforeEach
    void place() {
        stored = new StoredReport(dir.resolve(StoredReport.FILE_NAME));
    }

    private void store(String json) throws IOException {
        try (var out = new GZIPOutputStream(Files.newOutputStream(stored.file()))) {
            out.write(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Audit.Result result() {
        List<Token> list =
                new ArrayList<>(List.of(ci(1, Duration.ofDays(9)), forever(2), madeBy(3, BUILD, Duration.ofHours(1))));
        int number = 10;
        for (String hostile : DisplayTextTest.HOSTILE) {
            list.add(token(number++, hostile, hostile, null));
        }
        var own = BuildToken.recorded(id(3), "a", NOW.minusSeconds(9), null, NOW.minusSeconds(1))
                .inLine("of a", 2)
                .expired(NOW.minusSeconds(2));
        return finish(new Audit(subject(own), ALL, null, CLOCK), list);
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Audit.Result result = result();

        stored.write(result);

        assertThat(stored.report()).isEqualTo(result.report());
        assertThat(stored.index().toBytes()).isEqualTo(result.index().toBytes());
        assertThat(stored.rows()).hasSameSizeAs(result.rows());
        assertThat(stored.rows().subList(0, 8)).isEqualTo(result.rows().subList(0, 8));
        assertThat(dir).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
    }

    @Test
    void givesBackAFailure() throws IOException {
        Audit.Result result = finish(
                new Audit(subject(), Tokens.rule(Rule.LIST_UNAVAILABLE), null, CLOCK),
                new io.jenkins.plugins.qwiet.api.Outcome.Unsure<>("cut"),
                BuildStates.UNKNOWN);

        stored.write(result);

        assertThat(stored.report()).isEqualTo(result.report());
        assertThat(stored.rows()).isEmpty();
        assertThat(stored.index().size()).isZero();
    }

    @Test
    void givesBackWhyAListMayNotBeTheWhole() throws Exception {
        var audit = new Audit(subject(), Tokens.rule(Rule.LIST_UNAVAILABLE), null, CLOCK);
        Audit.Result result = audit.finish(
                new io.jenkins.plugins.qwiet.api.Outcome.Done<>(
                        new io.jenkins.plugins.qwiet.api.Listed(0, false, true)),
                BuildStates.UNKNOWN);

        stored.write(result);

        assertThat(stored.report()).isEqualTo(result.report());
        assertThat(stored.report().moved()).isTrue();
    }

    enum Script {
        ASCII(' ', '~'),
        LATIN('\u00a1', '\u017f'),
        CHINESE('\u4e00', '\u9fff'),
        SYMBOLS(0x1f300, 0x1f64f),
        RARE(0x20000, 0x2a6df),
        CONTROLS(0, 0x1f),
        ANY(0, 0xd7ff);

        private final int first;
        private final int last;

        Script(int first, int last) {
            this.first = first;
            this.last = last;
        }

        String text(Random random, int length) {
            var text = new StringBuilder();
            random.ints(length, first, last + 1).forEach(text::appendCodePoint);
            return text.toString();
        }
    }

    /** Nothing in it can be compressed: whoever may create tokens can do that to the builds of others. */
    @ParameterizedTest
    @EnumSource
    void isBoundedInBytesWhateverPeopleWrite(Script script) throws IOException {
        var random = new Random(7);
        List<Token> list = new ArrayList<>();
        for (int i = 0; i < 21_000; i++) {
            String label = script.text(random, 121);
            String url = "https://ci.example/" + Script.ASCII.text(random, 500).replace(' ', '-');
            list.add(new Token(
                    script.text(random, 65),
                    label,
                    i % 2 == 0 ? label : TokenDescription.describe("", url, String.format("%032x", i)),
                    script.text(random, 65),
                    NewToken.ACCESS,
                    NOW.plusNanos(random.nextLong(1L << 50))));
        }
        Audit.Result result = finish(new Audit(subject(), ALL, null, CLOCK), list);

        stored.write(result);

        assertThat(Files.size(stored.file())).isLessThan(StoredReport.MAX_BYTES + 100_000L);
        List<TokenRow> kept = stored.rows();
        assertThat(kept).hasSizeBetween(1_000, Audit.MAX_ROWS);
        assertThat(stored.report().rowsKept()).isEqualTo(kept.size());
        assertThat(stored.report().truncated()).isTrue();
        assertThat(stored.report().counts()).isEqualTo(result.report().counts());
        assertThat(stored.index().size()).isEqualTo(result.index().size());
    }

    @Test
    void replacesAnEarlierReportOfTheSameBuild() throws IOException {
        stored.write(result());
        stored.write(finish(new Audit(subject(), Rules.NONE, null, CLOCK), List.of()));

        assertThat(stored.rows()).isEmpty();
    }

    @Test
    void readsWhatTheFirstReleaseWrote() throws IOException {
        store(FIRST_RELEASE);

        AuditReport report = stored.report();
        assertThat(report.listed()).isTrue();
        assertThat(report.worst()).isEqualTo(Severity.FAIL);
        assertThat(report.own()).extracting(BuildToken::life).containsExactly(BuildToken.Life.LIVE);
        assertThat(report.counts().liveCi()).isEqualTo(2);
        assertThat(report.violations().get(0).findings())
                .extracting(Finding::label)
                .containsExactly("b");
        assertThat(stored.rows()).extracting(TokenRow::madeBy).containsExactly(MadeBy.THIS_BUILD, MadeBy.NOT_JENKINS);
        assertThat(stored.index().complete()).isTrue();
    }

    @Test
    void passesOverWhatLaterReleasesAdd() throws IOException {
        store("""
                {"version":1,"new":{"deep":[1,{"x":[]}]},
                 "report":{"at":"2026-08-01T12:00:00Z","build":"b","colour":{"red":1},
                  "own":[{"id":"1","life":"TRANSFORMED","shape":3}],
                  "violations":[{"rule":"OF_LATER_DAYS","severity":"FAIL"},
                   {"rule":"TOO_MANY","severity":"SHUDDER","total":3}]},
                 "tokens":[{"id":"1","madeBy":"A_ROBOT","speed":9}]}
                """);

        assertThat(stored.report().violations()).singleElement().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo(Rule.TOO_MANY);
            assertThat(violation.severity()).isEqualTo(Severity.WARN);
        });
        assertThat(stored.report().counts()).isEqualTo(Counts.NONE);
        assertThat(stored.report().own()).extracting(BuildToken::life).containsExactly(BuildToken.Life.UNKNOWN);
        assertThat(stored.rows()).extracting(TokenRow::madeBy).containsExactly(MadeBy.UNKNOWN_BUILD);
        assertThat(stored.index().size()).isZero();
    }

    @Test
    void refusesALaterVersionAndWhatIsNoReport() throws IOException {
        store("{\"version\":2,\"report\":{}}");
        assertThatIOException().isThrownBy(stored::report).withMessageContaining("later version");
        for (String junk :
                List.of("", "[]", "{}", "{\"report\":{}}", "{\"version\":1}", "{\"version\":1,\"index\":\"AAA=\"}")) {
            store(junk);
            assertThatIOException().isThrownBy(stored::report);
        }
        assertThatIOException().isThrownBy(stored::index);
    }

    @Test
    void publishesWithoutTheIndexAndWithTheTokensOnlyIfAsked() throws IOException {
        Audit.Result result = result();
        var with = new ByteArrayOutputStream();
        var without = new ByteArrayOutputStream();

        ReportJson.publish(result.report(), result.rows(), with);
        ReportJson.publish(result.report().forReaders(), null, without);

        var tree = ReportJson.MAPPER.readTree(with.toByteArray());
        assertThat(tree.get("version").asInt()).isEqualTo(1);
        assertThat(tree.get("tokens")).hasSameSizeAs(result.rows());
        assertThat(tree.has("index")).isFalse();
        assertThat(tree.at("/report/at").asText()).isEqualTo("2026-08-01T12:00:00Z");
        assertThat(tree.at("/tokens/0/label").asText()).isEqualTo("ci-1");
        assertThat(ReportJson.MAPPER.readTree(without.toByteArray()).has("tokens"))
                .isFalse();
    }

    @Test
    void showsReadersOnlyWhatTheLogShows() throws IOException {
        stored.write(result());
        var audit = new Audit(subject(), Rules.NONE, stored, CLOCK);
        AuditReport report = finish(audit, List.of(forever(77))).report();
        assertThat(report.difference().entries()).isNotEmpty();

        AuditReport forReaders = report.forReaders();

        assertThat(forReaders.difference().added()).isEqualTo(1);
        assertThat(forReaders.difference().entries()).isEmpty();
        assertThat(forReaders.counts()).isEqualTo(report.counts());
        assertThat(result().report().forReaders().violations())
                .allSatisfy(violation ->
                        assertThat(violation.findings()).hasSizeLessThanOrEqualTo(Violation.MAX_PUBLIC_FINDINGS));
    }

    @Test
    void tellsReadersOfNoOtherBuild() {
        var finding = new Finding("1", "left", null, "https://ci.example/job/secret/1/");
        var violation = new Violation(Rule.LEFT_BY_BUILD, Severity.WARN, 1, 0, null, null, List.of(finding));

        assertThat(violation.forReaders().findings()).singleElement().satisfies(shown -> {
            assertThat(shown.label()).isEqualTo("left");
            assertThat(shown.build()).isNull();
        });
    }

    @Test
    void aRowCanHideWhetherThereIsABuild() {
        for (MadeBy madeBy : MadeBy.values()) {
            var row = new TokenRow("1", "a", "", "access", null, true, madeBy, "https://ci.example/job/secret/1/");
            TokenRow hidden = row.withoutBuildState();

            assertThat(hidden.leftBehind()).isEqualTo(row.leftBehind());
            assertThat(hidden.madeBy()).isNotIn(MadeBy.FINISHED_BUILD, MadeBy.DELETED_BUILD, MadeBy.RUNNING_BUILD);
        }
    }
}
