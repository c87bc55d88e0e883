package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever its form, a time is read as {@link OffsetDateTime} reads it. */
class TimestampsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-08-01T12:00:00Z",
                "2026-08-01T12:00:00.5Z",
                "2026-08-01T12:00:00.000000001Z",
                "2026-08-01T12:00:00.0000000001Z",
                "2026-08-01T12:00:00.Z",
                "2026-08-01T12:00:00.-1Z",
                "2024-02-29T23:59:59Z",
                "2026-02-29T23:59:59Z",
                "2026-13-01T00:00:00Z",
                "2026-08-01T24:00:00Z",
                "2026-08-01T23:59:60Z",
                "2026-08-01T12:00:00+02:00",
                "2026-08-01t12:00:00z",
                "2026-08-01 12:00:00Z",
                "2026-08-01T12:00Z",
                "0001-01-01T00:00:00Z",
                "-001-01-01T00:00:00Z",
                "+026-01-01T00:00:00Z",
                "2026-08-01T1\u0662:00:00Z",
                "yesterday"
            })
    void readsEachFormAsJavaDoes(String text) {
        assertThat(ours(text)).isEqualTo(javas(text));
    }

    @Property
    void readsEveryTimeAsJavaDoes(@ForAll("times") String text) {
        assertThat(ours(text)).isPresent().isEqualTo(javas(text));
    }

    @Property
    void refusesWhatJavaRefuses(@ForAll("nearlyTimes") String text) {
        assertThat(ours(text)).isEqualTo(javas(text));
    }

    @Provide
    Arbitrary<String> times() {
        Arbitrary<Long> seconds = Arbitraries.longs()
                .between(
                        Instant.parse("0000-01-01T00:00:00Z").getEpochSecond(),
                        Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());
        Arbitrary<Integer> nanos = Arbitraries.of(0, 1, 120, 999_000_000, 123_456_000, 999_999_999);
        return seconds.flatMap(s -> nanos.map(n -> Instant.ofEpochSecond(s, n).toString()));
    }

    @Provide
    Arbitrary<String> nearlyTimes() {
        Arbitrary<Character> other = Arbitraries.of('0', '9', '-', '+', ':', '.', 'T', 'Z', ' ', 'x');
        return times().flatMap(time -> Arbitraries.integers()
                .between(0, time.length() - 1)
                .flatMap(at -> other.map(c -> time.substring(0, at) + c + time.substring(at + 1))));
    }

    private static Optional<Instant> ours(String text) {
        try {
            return Optional.of(Timestamps.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> javas(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
