package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs in charsets in which a line's end is another byte than in ASCII, or several. */
class CharsetsTest {
    private static final String TOKEN = Samples.jwt(1);
    private static final int SIGNATURE = TOKEN.length() - TOKEN.lastIndexOf('.') - 1;

    private static String wrapped(int before, int width) {
        String encoded = Base64.getEncoder().encodeToString(("-".repeat(before) + TOKEN).getBytes(UTF_8));
        return encoded.replaceAll("(.{" + width + "})", "$1\r\n") + "\r\nafterwards \u20ac\n";
    }

    private static String visible(Charset charset, String text, int chunk) {
        return new String(Samples.through(Samples.mask(charset, TOKEN), text.getBytes(charset), chunk), charset);
    }

    /** What is hidden must not end within a line's end, or all that follows is read wrongly. */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32LE"})
    void staysReadable(String name) {
        Charset charset = Charset.forName(name);
        for (int before = 0; before < 76; before++) {
            for (int chunk : new int[] {1, 7, 4096}) {
                assertThat(visible(charset, wrapped(before, 76), chunk))
                        .as("%s before", before)
                        .endsWith("\r\nafterwards \u20ac\n")
                        .contains("****");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IBM1047", "IBM500", "UTF-16", "UTF-16LE", "UTF-32"})
    void hidesTheSignatureInLines(String name) {
        Charset charset = Charset.forName(name);
        for (int before = 0; before < 76; before++) {
            String printed = wrapped(before, 76);
            String plain = printed.replaceAll("[\r\n]", "");
            int from = (before + TOKEN.length() - SIGNATURE) * 4 / 3 + 1;
            String encoded = plain.substring(from, (before + TOKEN.length()) * 4 / 3);
            String left = visible(charset, printed, 4096).replaceAll("[\r\n]", "");
            assertThat(left).as("%s before", before).doesNotContain(encoded).contains("****");
        }
    }

    /** Their lines are joined as those of ASCII are, which header and payload are hidden by. */
    @ParameterizedTest
    @ValueSource(strings = {"IBM1047", "IBM500", "IBM037"})
    void hidesAFoldedTokenInEbcdic(String name) {
        Charset charset = Charset.forName(name);
        String folded = TOKEN.replaceAll("(.{80})", "$1\n");
        assertThat(visible(charset, folded + "\nafterwards\n", 4096).replace('\u0085', '\n'))
                .isEqualTo(folded.replaceAll(".+", "****") + "\nafterwards\n");
    }
}
