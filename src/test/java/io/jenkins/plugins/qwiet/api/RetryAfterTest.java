package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.fake.FakeClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-08-03T10:00:00Z"));

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "120, 120",
        "' 7 ', 7",
        "'Mon, 03 Aug 2026 10:00:30 GMT', 30",
        "'Mon, 03 Aug 2026 09:59:00 GMT', 0",
        "'Mon, 3 Aug 2026 10:00:30 GMT', 30",
        "'Monday, 03-Aug-26 10:00:30 GMT', 30",
        "'Mon Aug  3 10:00:30 2026', 30",
        "1.5, 2",
        "86401, 86400",
        "99999999999999999999999, 86400",
        "'Mon, 03 Aug 2099 10:00:30 GMT', 86400"
    })
    void reads(String header, long seconds) {
        assertThat(RetryAfter.parse(header, clock.instant())).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "soon", "-1", "2026-08-03T10:00:30Z", "Mon, 03 A\u00fcg 2026", "Mon\n"})
    void ignoresWhatItCannotRead(String header) {
        assertThat(RetryAfter.parse(header, clock.instant())).isNull();
    }

    @Test
    void ignoresWhatIsMissing() {
        assertThat(RetryAfter.parse(null, clock.instant())).isNull();
    }
}
