package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class HarmlessTest {
    static final java.util.List<String> HOSTILE = Tokens.HOSTILE;

    @Test
    void leavesOrdinaryTextAlone() {
        assertThat(Harmless.line("Büro-Token №7 日本 שלום 👍")).isEqualTo("Büro-Token №7 日本 שלום 👍");
        assertThat(Harmless.line(null)).isEmpty();
    }

    @Test
    void makesHiddenCharactersVisible() {
        assertThat(Harmless.line("a\u202eb\r\nc\u001b[0m")).isEqualTo("a\\u202eb\\u000d\\u000ac\\u001b[0m");
        assertThat(Harmless.line("\udb40\udc41")).isEqualTo("\\u{e0041}");
        assertThat(Harmless.line("\ud800x")).isEqualTo("\\ud800x");
    }

    @Test
    void cutsWithAnEllipsis() {
        assertThat(Harmless.line("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Harmless.line("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(Harmless.line("\u202e\u202e", 7)).isEqualTo("\\u202e…");
        assertThat(Harmless.line("abc", 1)).isEqualTo("…");
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void leavesNothingHostile(String text) {
        assertHarmless(Harmless.line(text, 80), 80);
    }

    @Property
    void neverLetsAnythingHiddenThrough(@ForAll String text, @ForAll @IntRange(min = 1, max = 200) int max) {
        assertHarmless(Harmless.line(text, max), max);
    }

    static void assertHarmless(String line, int max) {
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
