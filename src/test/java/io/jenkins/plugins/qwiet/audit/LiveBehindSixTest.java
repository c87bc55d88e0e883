package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.id;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of eight tokens of a build one is still active: the log's table of six says so, wherever that one stands. */
class LiveBehindSixTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 6, 7, 8})
    void isShown(int live) {
        BuildToken[] own = IntStream.rangeClosed(1, 8)
                .mapToObj(n -> BuildToken.recorded(
                        id(n),
                        "scan-" + n,
                        NOW.minusSeconds(60),
                        NOW.plus(Duration.ofHours(1)),
                        n == live ? null : NOW.minusSeconds(5)))
                .toArray(BuildToken[]::new);
        var listed = Tokens.token(live, "scan-" + live, Tokens.describe(Tokens.BUILD), NOW.plus(Duration.ofHours(1)));
        var report = finish(new Audit(subject(own), Rules.NONE, null, CLOCK), List.of(listed))
                .report();
        assertThat(String.join("\n", AuditLog.lines(report))).contains("STILL ACTIVE");
    }
}
