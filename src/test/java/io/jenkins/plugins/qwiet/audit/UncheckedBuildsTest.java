package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.madeBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large organization: more builds have an active token than are looked up, and none that was looked up left one behind. */
class UncheckedBuildsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 700})
    void nothingIsSaidOfATokenThatWasNotFound(int more) {
        List<Token> list = new ArrayList<>();
        for (int i = 0; i < Audit.MAX_BUILDS + more; i++) {
            list.add(madeBy(i, "https://other.example/job/x/" + i + "/", Duration.ofHours(1)));
        }
        AuditReport report = Tokens.finish(Tokens.audit(Tokens.rule(Rule.LEFT_BY_BUILD)), list)
                .report();
        assertThat(report.counts().leftBehind()).isZero();
        assertThat(AuditLog.lines(report)).noneMatch(line -> line.contains("1 token that Jenkins created"));
    }
}
