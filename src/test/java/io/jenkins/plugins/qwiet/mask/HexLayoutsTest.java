package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is secret of a token is hidden in hexadecimal digits, whatever a tool writes between them on a line. */
class HexLayoutsTest {
    private static final String TOKEN = Samples.jwt(1);
    private static final String SIGNATURE = TOKEN.substring(TOKEN.lastIndexOf('.') + 1);
    private static final Mask MASK = Samples.mask(TOKEN);
    private static final HexFormat HEX = HexFormat.of();

    /** Sixteen bytes a line, as most tools print them. */
    private static String dump(byte[] bytes, UnaryOperator<String> line) {
        var lines = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 16) {
            lines.append(line.apply(HEX.formatHex(bytes, at, Math.min(bytes.length, at + 16))))
                    .append('\n');
        }
        return lines.toString();
    }

    /** Neither whole, nor with more than 7 bytes at either end of what a line has of it. */
    private static void assertHidden(UnaryOperator<String> line) {
        for (UnaryOperator<String> letters : List.<UnaryOperator<String>>of(t -> t, String::toUpperCase)) {
            for (int before = 0; before < 16; before++) {
                byte[] bytes = ("-".repeat(before) + TOKEN + "\n").getBytes(UTF_8);
                String printed = dump(bytes, digits -> line.apply(letters.apply(digits)));
                for (int chunk : new int[] {1, 7, 64, printed.length()}) {
                    String visible = new String(Samples.through(MASK, printed.getBytes(UTF_8), chunk), UTF_8);
                    int signature = before + TOKEN.length() - SIGNATURE.length();
                    int whole = (signature + 15) / 16;
                    for (int at = whole; 16 * at + 16 <= before + TOKEN.length(); at++) {
                        assertThat(visible.lines().toList().get(at))
                                .as("a line within the signature, %d before, of %s", before, printed)
                                .contains("****")
                                .doesNotContainPattern("(?i)([2-7][0-9a-f][^0-9a-f*]{0,7}(0x)?){4}");
                    }
                }
            }
        }
    }

    private static UnaryOperator<String> each(int digits, String replacement) {
        return line -> line.replaceAll("(.{1," + digits + "})", replacement);
    }

    /** {@code hexdump -C}, {@code certutil -encodehex}, {@code xxd}, {@code xxd -i}, Python, {@code sed}, JSON and HTML that escape all, hexyl. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$1 ",
                " $1",
                "$1:",
                "$1-",
                "$1, ",
                "0x$1, ",
                "0x$1,",
                "\"0x$1\", ",
                "<$1> ",
                "\\\\x$1",
                "%$1",
                "=$1",
                "&#x$1;",
                "$1",
                "$1 \u2502 ",
                "$1\0"
            })
    void hidesBytesWithAnythingBetweenThem(String each) {
        assertHidden(each(2, each));
        assertHidden(each(2, each).andThen(String::strip)::apply);
    }

    @Test
    void hidesGroupsOfBytesAndAddresses() {
        assertHidden(each(4, "$1 "));
        assertHidden(each(8, "$1 "));
        assertHidden(each(16, "$1  "));
        assertHidden(line -> "00000010: " + each(4, "$1 ").apply(line) + " a.b-c_defghijkl");
        assertHidden(
                line -> "00000010  " + each(16, "$1  ").apply(line).replaceAll("(..)", "$1 ") + "|a.b-c_defghijkl|");
        assertHidden(line -> "12:00:00 [INFO] " + line);
    }

    /** {@code hexdump} and {@code od -x} as they are, {@code od -tx4}, {@code od -tx8}: the last byte of a word comes first. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void hidesWords(int size) {
        assertHidden(line -> {
            var words = new StringBuilder("0000020");
            for (int at = 0; at + 2 * size <= line.length(); at += 2 * size) {
                words.append(' ');
                for (int b = size - 1; b >= 0; b--) {
                    words.append(line, at + 2 * b, at + 2 * b + 2);
                }
            }
            return words.toString();
        });
    }

    /** PowerShell's {@code Format-Hex} of a file of its own, JSON that escapes all. */
    @Test
    void hidesUtf16() {
        var shown = new ArrayList<String>();
        for (Charset charset : List.of(UTF_16LE, UTF_16BE)) {
            byte[] bytes = ("token: " + TOKEN + "\r\n").getBytes(charset);
            for (String printed : List.of(
                    HEX.formatHex(bytes),
                    dump(bytes, each(2, "$1 ")),
                    HEX.formatHex(bytes).replaceAll("(.{4})", "\\\\u$1"))) {
                String visible = Samples.masked(MASK, printed).replaceAll("(\\\\u)?[^0-9a-f*]?", "");
                if (!visible.contains("****") || visible.contains(HEX.formatHex(SIGNATURE.getBytes(charset)))) {
                    shown.add(printed);
                }
            }
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void hidesTheSignatureAloneInShortLines() {
        for (int before = 0; before < 8; before++) {
            String digits = HEX.formatHex(("-".repeat(before) + SIGNATURE).getBytes(UTF_8));
            String visible = Samples.masked(MASK, digits.replaceAll("(.{16})", "$1\n"));
            assertThat(visible.replaceAll("2d|\\n|\\*", "")).as(visible).hasSizeLessThan(2 * 16);
        }
    }

    @Test
    void hidesInExceptionsToo() {
        String text = "dump: " + HEX.withDelimiter(", ").withPrefix("0x").formatHex(SIGNATURE.getBytes(UTF_8));
        assertThat(MASK.reveals(text)).isTrue();
        assertThat(MASK.hide(text)).isEqualTo("dump: 0x****");
    }

    @Test
    void leavesOtherDigitsAlone() {
        String text = "sha256:" + HEX.formatHex(Samples.jwt(2).getBytes(UTF_8)) + "\n" + "0123456789abcdef".repeat(1000)
                + "\n" + "6".repeat(5000) + "\n" + " ".repeat(5000) + "\n2026-11-28 15:09:18 65 79 4a\n";
        assertThat(Samples.masked(MASK, text)).isEqualTo(text);
    }

    /** Words that stand far apart are no dump, and are not waited for. */
    @Test
    void holdsBackNoMoreThanMayBeDigitsOfIt() throws Exception {
        String begin = HEX.formatHex(SIGNATURE.substring(0, 4).getBytes(UTF_8));
        var out = new java.io.ByteArrayOutputStream();
        var masking = new MaskingOutputStream(out, () -> MASK);
        masking.write(("at " + begin + ", ").getBytes(UTF_8));
        assertThat(out).hasToString("at ");
        masking.write("          ".getBytes(UTF_8));
        assertThat(out).hasToString("at " + begin + ",           ");
        masking.write((begin + "\n").getBytes(UTF_8));
        assertThat(out).hasToString("at " + begin + ",           " + begin + "\n");
    }

    /** A log in EBCDIC has other bytes for digits; it is not taken for one in ASCII, and stays as it was. */
    @Test
    void leavesLogsInOtherDigitsAlone() {
        Charset ebcdic = Charset.forName("IBM1047");
        byte[] text = (HEX.formatHex(SIGNATURE.getBytes(UTF_8)).replaceAll("..", "$0  ") + "\n").getBytes(ebcdic);
        assertThat(Samples.through(Samples.mask(ebcdic, TOKEN), text, 7)).isEqualTo(text);
    }

    /** The zero of 0x is no digit, so it does not bring two digits nearer to each other. */
    @ParameterizedTest
    @ValueSource(strings = {"......0x", ".......", "........", "0x......", "...0x....", "0x0x0x..", ".....0x"})
    void joinsDigitsOverSevenCharactersAndNoMore(String between) {
        byte[] printed =
                (String.join(between, HEX.formatHex(SIGNATURE.getBytes(UTF_8)).split("")) + "\n").getBytes(UTF_8);
        boolean hides = between.length() <= 7;
        for (int chunk : new int[] {1, 7, 64, printed.length}) {
            assertThat(new String(Samples.through(MASK, printed, chunk), UTF_8).contains("****"))
                    .as("in writes of %d", chunk)
                    .isEqualTo(hides);
        }
    }
}
