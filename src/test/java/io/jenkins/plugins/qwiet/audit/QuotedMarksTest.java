package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.BUILD;
import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NONCE;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.ORG;
import static io.jenkins.plugins.qwiet.audit.Tokens.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A token of another Jenkins whose text quotes the mark of a build of this one (copied from Qwiet's list); something on the way
 * puts a word before each description, or takes its first character.
 */
class QuotedMarksTest {
    private static final String THEIRS = "6f0efb6892f94d68ff92c0cb2e05bfbd";
    private static final String DELETED = "https://ci.example/job/app/3/";
    private static final String SIGNED = "5f2b7c1e000040008000000000000009";

    private static String changed(String text, String form) {
        return form.equals("FIRST CHARACTER") ? text.substring(1) : form.replace("%s", text);
    }

    private static String theirs(String nonce, String url, String form) {
        String sent = TokenDescription.describe(
                "again, for the release: [jenkins:" + nonce + " " + url + "]",
                "https://other.example/job/shop/7/",
                THEIRS);
        return changed(sent, form);
    }

    /** Control "%s". */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "(API) %s", "CI: %s", "FIRST CHARACTER"})
    void isNotOrphaned(String form) {
        var subject = new Audit.Subject(
                ORG, ListQuery.LIVE, "app #12", BUILD, List.of(), Set.of(NONCE), Set.of(), Map.of(), SIGNED::equals);
        var audit = new Audit(subject, Tokens.rule(Rule.LEFT_BY_BUILD), null, CLOCK);
        AuditReport report = Tokens.finish(
                        audit,
                        List.of(token(1, "theirs", theirs(SIGNED, DELETED, form), NOW.plus(Duration.ofHours(1)))),
                        url -> BuildStates.Build.of(
                                url.equals(DELETED) ? BuildStates.State.GONE : BuildStates.State.ELSEWHERE))
                .report();
        assertThat(AuditLog.lines(report)).as("the log").noneMatch(line -> line.contains("UNSTABLE"));
        assertThat(report.counts().leftBehind()).isZero();
    }

    /** The audited build is asked about tokens of its own alone. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "(API) %s", "CI: %s", "FIRST CHARACTER"})
    void isNotTheAuditedBuilds(String form) {
        var audit = new Audit(Tokens.subject(), Tokens.rule(Rule.OWN_TOKEN_LIVE), null, CLOCK);
        AuditReport report = Tokens.finish(
                        audit,
                        List.of(token(1, "theirs", theirs(NONCE, BUILD, form), NOW.plus(Duration.ofHours(1)))),
                        BuildStates.UNKNOWN)
                .report();
        assertThat(AuditLog.lines(report)).as("the log").noneMatch(line -> line.contains("UNSTABLE"));
        assertThat(report.own()).isEmpty();
    }
}
