package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is told of a new try writes it into a log, where filters of other plugins may throw. */
class ListenersTest {
    @RegisterExtension
    final Canned qwiet = new Canned();

    @Test
    void aCallEndsThoughWhoIsToldThrows() {
        qwiet.says(new Canned.Answer(429, "", Map.of("Retry-After", "0")));

        var minted = qwiet.client().create(new NewToken("l", "d", Duration.ofHours(1)), retry -> {
            throw new IllegalStateException("a log that is closed");
        });

        assertThat(minted).succeedsWithin(Duration.ofSeconds(10));
    }
}
