package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** However long a header is, it is looked through about once: what takes the square of its length takes minutes. */
class HeaderStepsTest {
    private static final int LENGTH = 4_000;
    private static final int MOST_STEPS_A_CHARACTER = 60;

    private static final List<String> BEGINNINGS =
            List.of("", "1", "<", "(", "; rel=\"", "; rel='", "cache;desc=", "hit", "a;", "-1/");
    private static final List<String> PIECES = List.of(
            "<",
            "<a",
            "<>",
            "(",
            "()",
            "((a",
            "cache;",
            "cache;desc=",
            "a_",
            "; ",
            ";rel=",
            ";rel=\"",
            ";rel='",
            "next ",
            "1",
            " ",
            "1 ",
            "1-",
            ",123",
            "1/",
            "hit ",
            "hit=",
            "stale ",
            "hit;",
            "from ",
            " at ",
            "of ",
            ";hit x",
            "\"",
            ">");
    private static final List<String> ENDS = List.of("", "x", "\u0001");

    /** Counts how often a character is looked at. */
    private static final class Counted implements CharSequence {
        private final String text;
        private long steps;

        private Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            steps++;
            if (steps > (long) MOST_STEPS_A_CHARACTER * text.length()) {
                throw new IllegalStateException("looked at too often: " + text.substring(0, 40) + "…");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Stream<Arguments> patterns() {
        return Stream.of(
                arguments("link", Links.LINK, true),
                arguments("rel", Links.REL, true),
                arguments("comment", CacheSigns.COMMENT, true),
                arguments("timing", CacheSigns.TIMING, true),
                arguments("kept", CacheSigns.KEPT, true),
                arguments("host", CacheSigns.HOST, true),
                arguments("not kept", CacheSigns.NOT_KEPT, true),
                arguments("hit", CacheSigns.HIT, false),
                arguments("two requests", CacheSigns.TWO_REQUESTS, false),
                arguments("unclear", Amount.UNCLEAR, false),
                arguments("of", Amount.OF, false),
                arguments("range", PageHeaders.RANGE, false),
                arguments("preference", PageHeaders.PREFERENCE, true),
                arguments("cut", PageWords.CUT, false),
                arguments("seconds", RetryAfter.SECONDS, false));
    }

    @ParameterizedTest
    @MethodSource("patterns")
    void aPatternLooksAtEachCharacterAFewTimes(String name, Pattern pattern, boolean anywhere) {
        for (String beginning : BEGINNINGS) {
            for (String piece : PIECES) {
                for (String end : ENDS) {
                    Matcher matcher =
                            pattern.matcher(new Counted(beginning + piece.repeat(LENGTH / piece.length()) + end));
                    if (anywhere) {
                        while (matcher.find()) {
                            // On to the next.
                        }
                    } else {
                        matcher.matches();
                    }
                }
            }
        }
    }

    /** Read so, it means what it meant. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Via|1.1 varnish (HIT)|true",
                "Via|1.1 proxy (Varnish/6.0) (cached)|true",
                "Via|1.1 proxy (a (b) HIT|false",
                "Via|1.1 hit.example (squid)|false",
                "Server-Timing|cdn-cache; desc=HIT|true",
                "Server-Timing|edge; dur=1, cdn-cache;dur=1; desc=\"TCP_HIT\"|true",
                "Server-Timing|cache;dur=1, edge; desc=hit|false",
                "Server-Timing|cdn-cache; desc=MISS, edge; dur=1|false",
                "Cache-Status|a; fwd=miss, b; hit; ttl=3|true"
            })
    void whatACacheSays(String name, String value, boolean kept) {
        assertThat(CacheSigns.wasKept(Headers.of(name, value))).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "</x>; rel=\"next\"|true",
                "</x>; rel=next|true",
                "</x>; title=\"a, b\"; REL = 'last next'|true",
                "</x>; rel=prev, </y>; rel=next|true",
                "</x>; rel=\"next|true",
                "</x>; rel=prev|false",
                "</x>; rel=\"nextcloud\"|false",
                "</next>; rel=self|false"
            })
    void whatALinkSays(String header, boolean more) {
        assertThat(new Links().see(List.of(header))).isEqualTo(more);
    }
}
