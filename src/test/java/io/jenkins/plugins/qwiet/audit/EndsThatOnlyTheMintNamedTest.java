package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.id;
import static io.jenkins.plugins.qwiet.audit.Tokens.rule;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code expires_at} is optional in each answer: the mint's named an end, the list's may not. */
class EndsThatOnlyTheMintNamedTest {
    private static final Instant END = NOW.plus(Duration.ofHours(1));

    @TempDir
    Path dir;

    private static AuditReport report(boolean named) {
        var own = BuildToken.recorded(id(1), "mine", NOW.minusSeconds(60), END, null);
        var listed = Tokens.token(1, "mine", Tokens.describe(Tokens.BUILD), named ? END : null);
        return finish(new Audit(subject(own), rule(Rule.NEVER_EXPIRES), null, CLOCK), List.of(listed))
                .report();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNotSaidToNeverExpire(boolean named) {
        assertThat(report(named).violations()).isEmpty();
        assertThat(report(named).counts().neverExpire()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLogStillSaysUntilWhen(boolean named) {
        assertThat(String.join("\n", AuditLog.lines(report(named))))
                .contains("STILL ACTIVE until 2026-08-01 13:00 UTC");
    }

    private static Audit.Subject running(int number) {
        return new Audit.Subject(
                Tokens.ORG,
                io.jenkins.plugins.qwiet.api.QwietClient.ListQuery.LIVE,
                "app #12",
                Tokens.BUILD,
                List.of(),
                Set.of(),
                Set.of(),
                Map.of(id(number), BuildStates.State.RUNNING),
                nonce -> false);
    }

    /** "Short-lived ones of builds that ran then or run now aside." */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isNoDifferenceBetweenAudits(boolean named) throws Exception {
        var previous = new StoredReport(dir.resolve(StoredReport.FILE_NAME));
        previous.write(finish(
                new Audit(running(1), Rules.NONE, null, Clock.fixed(NOW.minusSeconds(600), ZoneOffset.UTC)),
                List.of(Tokens.token(1, "a", "", named ? END : null))));
        Difference difference = finish(
                        new Audit(running(2), Rules.NONE, previous, CLOCK),
                        List.of(Tokens.token(2, "b", "", named ? END : null)))
                .report()
                .difference();
        assertThat(difference.added() + difference.gone()).isZero();
    }
}
