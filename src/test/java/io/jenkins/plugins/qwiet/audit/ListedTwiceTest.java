package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.audit;
import static io.jenkins.plugins.qwiet.audit.Tokens.ci;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.forever;
import static io.jenkins.plugins.qwiet.audit.Tokens.madeBy;
import static io.jenkins.plugins.qwiet.audit.Tokens.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Token;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pages shift while tokens are made and revoked, so one token may come on two of them. */
class ListedTwiceTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String DEAD = "https://ci.example/job/app/7/";

    @Test
    void breaksNoLimitOfTheNumberOfTokens() {
        List<Token> list = List.of(ci(1, HOUR), ci(2, HOUR), ci(2, HOUR));

        AuditReport report = finish(audit(rules(Map.of(Rule.TOO_MANY, Severity.FAIL), 2)), list)
                .report();

        assertThat(report.violations()).isEmpty();
        assertThat(report.counts().liveCi()).isEqualTo(2);
    }

    @Test
    void isOneThatABuildLeftBehindAndOneThatNeverExpires() {
        List<Token> list = List.of(madeBy(1, DEAD, HOUR), forever(2), madeBy(1, DEAD, HOUR), forever(2));

        Audit.Result result = finish(
                audit(rules(Map.of(Rule.LEFT_BY_BUILD, Severity.WARN, Rule.NEVER_EXPIRES, Severity.WARN), 100)),
                list,
                Map.of(DEAD, BuildStates.State.OVER));

        assertThat(result.report().violations()).extracting(Violation::total).containsOnly(1L);
        assertThat(result.rows()).hasSize(2);
    }
}
