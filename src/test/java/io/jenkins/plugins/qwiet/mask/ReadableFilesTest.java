package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON in which a plugin keeps what a test printed is JSON when tokens in it are hidden: "all other bytes stay where they are". */
class ReadableFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOKENS = 100;

    private static boolean isJson(byte[] text) {
        try {
            JSON.readTree(text);
            return true;
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static List<String> broken(java.util.function.Function<String, String> json) {
        List<String> broken = new ArrayList<>();
        for (int seed = 0; seed < TOKENS; seed++) {
            String token = Samples.jwt(seed);
            String text = json.apply(token);
            assertThat(isJson(text.getBytes(UTF_8))).isTrue();
            byte[] hidden = Samples.mask(token).hideInPlace(text.getBytes(UTF_8));
            if (!isJson(hidden)) {
                broken.add(new String(hidden, UTF_8));
            }
        }
        return broken;
    }

    private static String quoted(String text) {
        try {
            return "{\"stdout\": " + JSON.writeValueAsString(text) + "}";
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void ofWhatEchoPrints() {
        assertThat(broken(token -> quoted("one\n" + token + "\ntwo"))).isEmpty();
    }

    /** `env | base64`, in the report of a test tool. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60, 64, 76})
    void ofWhatBase64Prints(int width) {
        var encoder = width == 0 ? Base64.getEncoder() : Base64.getMimeEncoder(width, new byte[] {'\n'});
        List<String> broken = broken(token -> quoted("PATH=/bin\n"
                + encoder.encodeToString(("A=b\nSHIFTLEFT_ACCESS_TOKEN=" + token + "\nC=d\n").getBytes(UTF_8))));
        assertThat(broken).as("of %d", TOKENS).isEmpty();
    }

    /** `fold`. */
    @ParameterizedTest
    @ValueSource(ints = {40, 64, 80})
    void ofWhatFoldPrints(int width) {
        List<String> broken = broken(token -> quoted(token.replaceAll("(.{" + width + "})", "$1\n")));
        assertThat(broken).as("of %d", TOKENS).isEmpty();
    }

    /** PHP, and others, escape each slash. */
    @ParameterizedTest
    @CsvSource({"''", "'user:'", "'ab'", "'SHIFTLEFT_ACCESS_TOKEN='"})
    void ofWhatPhpWrites(String before) {
        List<String> broken =
                broken(token -> quoted(Base64.getEncoder().encodeToString((before + token).getBytes(UTF_8)))
                        .replace("/", "\\/"));
        assertThat(broken).as("of %d", TOKENS).isEmpty();
    }

    /** Control characters are escaped in six characters, of which the last may be one of the token's. */
    @ParameterizedTest
    @ValueSource(ints = {17, 40, 64})
    void ofWhatStandsBetweenNulls(int width) {
        List<String> broken = broken(token -> quoted("\0" + token.replaceAll("(.{" + width + "})", "$1\0") + "\0"));
        assertThat(broken).as("of %d", TOKENS).isEmpty();
    }

    @Test
    void ofWhatIsEscapedWhole() {
        var escaped = HexFormat.of().withPrefix("\\u00");
        assertThat(broken(token -> "{\"a\": \"" + escaped.formatHex(token.getBytes(UTF_8)) + "\"}"))
                .isEmpty();
    }
}
