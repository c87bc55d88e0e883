package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.BUILD;
import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.ci;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.forever;
import static io.jenkins.plugins.qwiet.audit.Tokens.id;
import static io.jenkins.plugins.qwiet.audit.Tokens.madeBy;
import static io.jenkins.plugins.qwiet.audit.Tokens.report;
import static io.jenkins.plugins.qwiet.audit.Tokens.rule;
import static io.jenkins.plugins.qwiet.audit.Tokens.rules;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static io.jenkins.plugins.qwiet.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.DisplayTextTest;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.Token;
import io.jenkins.plugins.qwiet.audit.Violation.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void alignsTheBuildsTokensAndSumsUpTheRest() {
        var revoked = BuildToken.recorded(id(1), "scan", NOW.minus(HOUR), NOW.plus(HOUR), NOW.minusSeconds(60));
        var live = BuildToken.recorded(id(2), "a longer label", NOW.minus(HOUR), NOW.plus(HOUR), null);
        var audit = new Audit(
                subject(revoked, live),
                rules(Map.of(Rule.OWN_TOKEN_LIVE, Severity.UNSTABLE, Rule.NEVER_EXPIRES, Severity.WARN), 0),
                null,
                CLOCK);

        List<String> lines = AuditLog.lines(finish(
                        audit, List.of(token(2, "a longer label", "", NOW.plus(HOUR)), forever(3), ci(4, HOUR)))
                .report());

        assertThat(lines)
                .containsExactly(
                        "Qwiet tokens of this build:",
                        "  LABEL           ID                                    STATE",
                        "  scan            " + id(1) + "  revoked 2026-08-01 11:59 UTC",
                        "  a longer label  " + id(2) + "  STILL ACTIVE until 2026-08-01 13:00 UTC",
                        "Organization 0d1c2b3a-0000-4000-8000-000000000001: 3 active CI tokens (1 never expires), "
                                + "1 created by builds, 0 orphaned.",
                        "UNSTABLE: 1 token of this build is still active:",
                        "  \"a longer label\" (" + id(2) + "), expires 2026-08-01 13:00 UTC",
                        "WARN: 1 CI token never expires:",
                        "  \"ci-3\" (" + id(3) + ")");
    }

    @Test
    void saysWhichOfALineATokenIsAndWhenOneExpired() {
        var newest = BuildToken.recorded(id(1), "scan", NOW.minus(HOUR), NOW.plus(HOUR), NOW.minusSeconds(60))
                .inLine("of scan", 12);
        var dead = BuildToken.recorded(id(2), "old", NOW.minus(HOUR), NOW.plus(HOUR), null)
                .expired(NOW.minusSeconds(120));

        assertThat(AuditLog.lines(finish(new Audit(subject(newest, dead), Rules.NONE, null, CLOCK), List.of())
                        .report()))
                .contains(
                        "  scan (number 12)  " + id(1) + "  revoked 2026-08-01 11:59 UTC",
                        "  old               " + id(2) + "  expired 2026-08-01 11:58 UTC");
    }

    /** A log that is 1280 pixels wide, beside the menu of a build, has room for 101 characters. */
    @Test
    void theTableFitsAScreen() {
        String id = "0d1c2b3a-0000-4000-8000-000000000001";
        var own = BuildToken.recorded(
                        id, "folder/of/a/team/shop/main-branch #123", NOW.minus(HOUR), NOW.plus(HOUR), null)
                .inLine("of scan", 100);
        var live = new Token(id, own.label(), "", "", "access", NOW.plus(HOUR));

        List<String> lines = AuditLog.lines(finish(new Audit(subject(own), Rules.NONE, null, CLOCK), List.of(live))
                .report());

        assertThat(lines.get(2)).startsWith("  folde").contains("(number 100)  " + id + "  STILL ACTIVE until");
        assertThat(lines.subList(1, 3)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void saysWhyThereIsNoListAndWhatToDo() {
        AuditReport report = finish(
                        Tokens.audit(rule(Rule.LIST_UNAVAILABLE)),
                        new Outcome.Refused<>(403, "FORBIDDEN", "may not", List.of()),
                        BuildStates.UNKNOWN)
                .report();

        assertThat(AuditLog.lines(report))
                .containsExactly(
                        "This build created no Qwiet token.",
                        "The organization's Qwiet tokens could not be listed: Qwiet responded 403 FORBIDDEN: may not",
                        "The service account lacks the API scope tokens:list in this organization. Ask a Qwiet super admin to grant it.",
                        "UNSTABLE: the organization's tokens could not be listed, so no other rule was evaluated.");
    }

    @Test
    void speaksOfOneAndOfMany() {
        Rules rules = new Rules(Map.of(Rule.TOO_MANY, Severity.UNSTABLE, Rule.EXPIRES_LATE, Severity.WARN), 1, 0, null);
        Duration late = Duration.ofDays(3);

        assertThat(AuditLog.lines(report(rules, ci(1, late))))
                .contains(
                        "UNSTABLE: 1 CI token is active, more than 0.",
                        "WARN: 1 CI token expires later than 1 day from now:");
        assertThat(AuditLog.lines(report(rules, ci(1, late), ci(2, late))))
                .contains(
                        "UNSTABLE: 2 CI tokens are active, more than 0.",
                        "WARN: 2 CI tokens expire later than 1 day from now:");
    }

    @Test
    void isNeverMoreThanAScreen() {
        Rules everything = new Rules(
                Map.of(
                        Rule.OWN_TOKEN_LIVE, Severity.FAIL,
                        Rule.NEVER_EXPIRES, Severity.FAIL,
                        Rule.EXPIRES_LATE, Severity.WARN,
                        Rule.TOO_MANY, Severity.WARN,
                        Rule.LEFT_BY_BUILD, Severity.UNSTABLE,
                        Rule.LABEL_MISMATCH, Severity.UNSTABLE),
                1,
                1,
                LabelPattern.parse("none of them"));
        List<Token> list = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            list.add(madeBy(i, BUILD, HOUR));
            list.add(forever(100 + i));
            list.add(madeBy(200 + i, "https://ci.example/job/dead/" + i + "/", HOUR));
            list.add(ci(300 + i, Duration.ofDays(99)));
        }
        int number = 1_000;
        for (String hostile : DisplayTextTest.HOSTILE) {
            list.add(token(number++, hostile, Tokens.describe(BUILD), null));
        }
        AuditReport report = finish(
                        Tokens.audit(everything), list, url -> Tokens.recorded(list, url, BuildStates.State.OVER))
                .report();

        List<String> lines = AuditLog.lines(report);

        assertThat(report.violations()).hasSize(6);
        assertThat(lines).hasSizeLessThanOrEqualTo(AuditLog.MAX_LINES).hasSizeGreaterThan(18);
        assertThat(lines).allSatisfy(line -> DisplayTextTest.assertHarmless(line, AuditLog.MAX_WIDTH));
        assertThat(lines).anyMatch(line -> line.startsWith("UNSTABLE: 50 tokens that Jenkins created for completed"));
        assertThat(lines).contains("  and 55 more");
        for (Rule named : List.of(Rule.OWN_TOKEN_LIVE, Rule.NEVER_EXPIRES, Rule.EXPIRES_LATE)) {
            Finding first = report.violations().stream()
                    .filter(v -> v.rule() == named)
                    .findFirst()
                    .orElseThrow()
                    .findings()
                    .get(0);
            assertThat(lines).anyMatch(line -> line.contains("\" (" + first.id() + ")"));
        }
    }

    @Test
    void cannotBeForgedByALabel() {
        AuditReport report = report(rule(Rule.NEVER_EXPIRES), token(1, "x\nFinished: SUCCESS\u001b[8mha:", "", null));

        assertThat(AuditLog.lines(report))
                .noneMatch(line -> line.startsWith("Finished"))
                .contains("  \"x\\u000aFinished: SUCCESS\\u001b[8mha:\" (" + id(1) + ")");
    }
}
