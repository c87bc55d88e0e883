package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

public class DisplayTextTest {
    /** Characters that hide, break lines, reorder text, drive a terminal, or are none at all. */
    public static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script><img src=x onerror=alert(1)>",
            "=HYPERLINK(\"http://evil\",\"x\")",
            "\t=1+1",
            "line\r\nFinished: SUCCESS\r\n",
            "\u001b[8mha:////4AAAA\u001b[0m",
            "\u202egnp.exe\u2066x\u200b\ufeff",
            "\ud800 alone \udc00",
            "\u2028\u2029\u0085\u0000",
            "\udb40\udc41tag",
            "x".repeat(10_000),
            "\u202e".repeat(10_000));

    @Test
    void leavesOrdinaryTextAlone() {
        assertThat(DisplayText.line("Büro-Token №7 日本 שלום 👍")).isEqualTo("Büro-Token №7 日本 שלום 👍");
        assertThat(DisplayText.line(null)).isEmpty();
    }

    @Test
    void makesHiddenCharactersVisible() {
        assertThat(DisplayText.line("a\u202eb\r\nc\u001b[0m")).isEqualTo("a\\u202eb\\u000d\\u000ac\\u001b[0m");
        assertThat(DisplayText.line("\udb40\udc41")).isEqualTo("\\u{e0041}");
        assertThat(DisplayText.line("\ud800x")).isEqualTo("\\ud800x");
    }

    @Test
    void cutsWithAnEllipsis() {
        assertThat(DisplayText.line("abcdef", 6)).isEqualTo("abcdef");
        assertThat(DisplayText.line("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(DisplayText.line("\u202e\u202e", 7)).isEqualTo("\\u202e…");
        assertThat(DisplayText.line("abc", 1)).isEqualTo("…");
    }

    @Test
    void cutsNoSurrogatePairInTwo() {
        assertThat(DisplayText.cut("abcdef", 6)).isEqualTo("abcdef");
        assertThat(DisplayText.cut("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(DisplayText.cut("abcd👍g", 6)).isEqualTo("abcd…");
        assertThat(DisplayText.cut("abc👍fg", 6)).isEqualTo("abc👍…");
        assertThat(DisplayText.cut("a\u202eb\n", 6)).isEqualTo("a\u202eb\n");
    }

    @Test
    void putsASpaceInPlaceOfWhatBreaksALine() {
        assertThat(DisplayText.spaced("a\r\nb\u2028c \u202ed👍")).isEqualTo("a b c  d👍");
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void leavesNothingHostile(String text) {
        assertHarmless(DisplayText.line(text, 80), 80);
    }

    @Property
    void neverLetsAnythingHiddenThrough(@ForAll String text, @ForAll @IntRange(min = 1, max = 200) int max) {
        assertHarmless(DisplayText.line(text, max), max);
    }

    public static void assertHarmless(String line, int max) {
        assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(max);
        assertThat(line.codePoints().map(Character::getType).boxed())
                .doesNotContain(
                        (int) Character.CONTROL,
                        (int) Character.FORMAT,
                        (int) Character.SURROGATE,
                        (int) Character.LINE_SEPARATOR,
                        (int) Character.PARAGRAPH_SEPARATOR);
    }
}
