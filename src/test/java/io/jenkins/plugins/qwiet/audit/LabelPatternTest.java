package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jenkins.plugins.qwiet.audit.LabelPattern.Answer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class LabelPatternTest {
    @ParameterizedTest
    @CsvSource({
        "ci-[a-z]+, ci-app, MATCHES",
        "ci-[a-z]+, xci-app, DIFFERS",
        "ci-[a-z]+, ci-app!, DIFFERS",
        "(?i)CI-.*, ci-x, MATCHES",
        "'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 0d1c2b3a-0000-4000-8000-000000000001, MATCHES"
    })
    void matchesWholeLabels(String regex, String label, Answer expected) {
        assertThat(LabelPattern.parse(regex).check().ask(label)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[a",
                "a{100000}{100000}",
                "((a{500}){500}){500}",
                "a{99999999999999999999}",
                "(?x)a{1 0 0 0 0 0 0}",
                "(?ix-s)a",
                "*"
            })
    void refusesWhatIsNoPatternOrTooCostlyFromTheStart(String regex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelPattern.parse(regex))
                .withMessageEndingWith(".");
    }

    @Test
    void refusesLongAndDeepPatterns() {
        assertThatIllegalArgumentException().isThrownBy(() -> LabelPattern.parse("a".repeat(501)));
        assertThat(LabelPattern.parse("(".repeat(249) + ")".repeat(249)).toString())
                .hasSize(498);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "(.*a){12}b", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void givesUpInsteadOfBacktrackingWithoutEnd(String regex) {
        assertThat(LabelPattern.parse(regex).check().ask("a".repeat(200))).isNotEqualTo(Answer.MATCHES);
    }

    @Test
    void survivesDeepRecursionOfTheMatcher() {
        assertThat(LabelPattern.parse("(?:a|b)*").check().ask("ab".repeat(500))).isNotNull();
        assertThat(LabelPattern.parse(".*").check().ask("a".repeat(1000))).isEqualTo(Answer.MATCHES);
        assertThat(LabelPattern.parse(".*").check().ask("a".repeat(1001))).isEqualTo(Answer.DIFFERS);
    }

    @Test
    void answersForTheNextLabelWhateverTheLastOneCost() {
        var check = LabelPattern.parse("(?:(a+)+b)|(?:c|d)*").check();

        check.ask("a".repeat(100));
        check.ask("cd".repeat(500));

        assertThat(check.ask("aab")).isEqualTo(Answer.MATCHES);
        assertThat(check.ask("cdx")).isEqualTo(Answer.DIFFERS);
    }

    @Test
    void boundsTheWorkOfAWholeList() {
        var check = LabelPattern.parse("(a+)+b").check();
        String label = "a".repeat(100);

        for (int i = 0; i < 100_000; i++) {
            check.ask(label);
        }

        assertThat(check.ask("ab")).as("the bound is used up").isEqualTo(Answer.TOO_COSTLY);
    }

    @Test
    void boundsTheTimeOfAWholeList() {
        var nanos = new AtomicLong();
        var check = LabelPattern.parse("(a+)+b").check(nanos::get);
        assertThat(check.ask("ab")).isEqualTo(Answer.MATCHES);

        nanos.set(LabelPattern.NANOS_PER_LIST + 1);

        assertThat(check.ask("a".repeat(100))).isEqualTo(Answer.TOO_COSTLY);
        assertThat(check.ask("ab")).isEqualTo(Answer.TOO_COSTLY);
    }
}
