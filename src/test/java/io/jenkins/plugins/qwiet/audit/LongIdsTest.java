package io.jenkins.plugins.qwiet.audit;

import static io.jenkins.plugins.qwiet.audit.Tokens.CLOCK;
import static io.jenkins.plugins.qwiet.audit.Tokens.NOW;
import static io.jenkins.plugins.qwiet.audit.Tokens.finish;
import static io.jenkins.plugins.qwiet.audit.Tokens.subject;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Token;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids that begin with the same characters; TokenIds takes up to 200 of them. */
class LongIdsTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {36, 60, 63, 64, 70, 190})
    void anotherTokenIsNew(int same) throws Exception {
        Token first = token("i".repeat(same) + "1");
        Token second = token("i".repeat(same) + "2");
        var previous = new StoredReport(dir.resolve("report"));
        Clock earlier = Clock.fixed(NOW.minus(Duration.ofDays(1)), ZoneOffset.UTC);
        previous.write(finish(new Audit(subject(), Rules.NONE, null, earlier), List.of(first)));
        Difference difference = finish(new Audit(subject(), Rules.NONE, previous, CLOCK), List.of(first, second))
                .report()
                .difference();
        assertThat(difference.added()).isEqualTo(1);
        Difference none = finish(new Audit(subject(), Rules.NONE, previous, CLOCK), List.of(second))
                .report()
                .difference();
        assertThat(List.of(none.added(), none.gone())).isEqualTo(List.of(1L, 1L));
    }

    private static Token token(String id) {
        return new Token(id, "label", "by hand", "", "access", null);
    }
}
