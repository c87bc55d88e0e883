package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LabelPatternPropertiesTest {
    @Property(tries = 2_000)
    void readsOrRefusesAnyPatternAtOnce(@ForAll("patterns") String regex) {
        try {
            LabelPattern pattern = LabelPattern.parse(regex);

            assertThat(pattern.programSize()).isBetween(1, 3 * LabelPattern.MAX_WRITTEN_OUT);
            assertThat(pattern.matches("abc")).isEqualTo(Pattern.matches(regex, "abc"));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageEndingWith(".").hasMessageNotContaining("too complicated");
        }
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "c",
                        "E",
                        ".",
                        "|",
                        "(",
                        "(",
                        ")",
                        ")",
                        "(?:",
                        "(?i)",
                        "(?i:",
                        "(?P<n>",
                        "*",
                        "+",
                        "?",
                        "{2}",
                        "{0,9}",
                        "{30,}",
                        "{100}",
                        "{1000}",
                        "[",
                        "[^",
                        "]",
                        "-",
                        "[:alpha:]",
                        "\\pL",
                        "\\P{Greek}",
                        "\\p",
                        "\\Q",
                        "\\E",
                        "\\",
                        "\\b",
                        "\\x{41}",
                        "\\x4",
                        "\\12",
                        "^",
                        "$",
                        "é",
                        "[]",
                        "[^]",
                        "-\uffef]",
                        "\\.-\u2fff]",
                        "\u1c80",
                        "(?-s:(?i))",
                        "\ud83d\ude00",
                        "\ud83d")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }
}
