package io.jenkins.plugins.qwiet.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class LabelPatternTest {
    /** Instructions of the largest program that a pattern may become. */
    private static final int MAX_PROGRAM = 3 * LabelPattern.MAX_WRITTEN_OUT;

    private static boolean matches(String regex, String label) {
        return LabelPattern.parse(regex).matches(label);
    }

    private static int program(LabelPattern pattern) {
        return pattern.programSize();
    }

    @ParameterizedTest
    @CsvSource({
        "ci-[a-z]+, ci-app, true",
        "ci-[a-z]+, xci-app, false",
        "ci-[a-z]+, ci-app!, false",
        "(?i)CI-.*, ci-x, true",
        "(?i)ÉQUIPE-Ж, équipe-ж, true",
        "team|team-a, team-a, true",
        "'\\p{L}+ \\pN+', équipe ٣, true",
        "'[[:alpha:]]+', équipe, false",
        "(?s)a.b, 'a\nb', true",
        "'\\Qa.b\\E', a.b, true",
        "'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 0d1c2b3a-0000-4000-8000-000000000001, true"
    })
    void matchesWholeLabels(String regex, String label, boolean expected) {
        assertThat(matches(regex, label)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "a)",
                "[a",
                "\\",
                "a{100000}{100000}",
                "((a{500}){500}){500}",
                "((a{1000}){1000}){1000}",
                "a{99999999999999999999}",
                "a{500}(?i){500}(?i){500}",
                "a{500}\\Q\\E{500}",
                "(a{100}[(]b){100}",
                "(a{1,100}){1,100}",
                "(a{100,}){100,}",
                "(?x)a{1 0 0 0 0 0 0}",
                "(?ix-s)a",
                "*"
            })
    void refusesWhatIsNoPatternOrTooCostlyFromTheStart(String regex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelPattern.parse(regex))
                .withMessageEndingWith(".");
    }

    @ParameterizedTest
    @CsvSource({
        "'(?=a)b', 'near \"(?=\". Look-ahead'",
        "'a(?!b)', 'Look-ahead and look-behind do not exist'",
        "'(?<=a)b', 'Look-ahead and look-behind do not exist'",
        "'(?<!a)b', 'Look-ahead and look-behind do not exist'",
        "'(a)\\1', 'Back-references do not exist'",
        "'(?<n>a)\\k<n>', 'Back-references do not exist'",
        "'a++', 'near \"++\". Possessive repetition does not exist'",
        "'a{2}+', 'Possessive repetition does not exist'",
        "'(?>a)', 'Atomic groups do not exist'",
        "'\\h', 'The syntax is that of RE2'",
        "'\\p{Alpha}', 'unknown class near \"\\p{Alpha}\". Write a class such as'",
        "'(?x)a', 'near \"(?x\". The syntax is that of RE2'",
        "'a)', 'there is a ) without a ('",
        "'(a{40}){40}', 'Use lower counts'",
        "'(?i)\u1c80', 'List upper and lower case'",
        "'[a', 'missing closing ] near \"[a\".'"
    })
    void saysWhatIsWrongAndWhatToDo(String regex, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelPattern.parse(regex))
                .withMessageContaining(expected)
                .withMessageEndingWith(".");
    }

    @Test
    void refusesLongAndDeepPatterns() {
        assertThatIllegalArgumentException().isThrownBy(() -> LabelPattern.parse("a".repeat(501)));
        assertThat(LabelPattern.parse("(".repeat(249) + ")".repeat(249)).toString())
                .hasSize(498);
    }

    /** RE2/J folds letters in circles that Java's newer tables do not close: it would never return from these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i)\u1c80",
                "(?i)[\u0430-\u1c90]",
                "(?i)\\x{1c80}",
                "(?s-i:a)(?mi:\\x{1c88})",
                "(?i:[a-\\x{ffff}])",
                "(?i)[]-\uffef]",
                "(?i)[^]-\u1d00]",
                "(?i)[\\.-\uffef]",
                "(?i)[\\a-\u2fff]",
                "(?mi)[\\.-\u1c90]",
                "(?i)[\\x41-\uffef]",
                "(?i)[\\-\\--\uffef]",
                "(?i)[^(\\d-\\.-\u2fff]",
                "(?i)[^]-\\\ud83d\ude00]",
                "(?i)[\u65e5--\u672c]"
            })
    void refusesPatternsThatCouldNotBeRead(String regex) {
        assertThatIllegalArgumentException().isThrownBy(() -> LabelPattern.parse(regex));
    }

    @Test
    void readsEveryLetterThatMayIgnoreItsCase() {
        for (int letter = 0; letter <= 0x52f; letter++) {
            String label = Character.toString(letter);
            String regex = "(?is)" + (Character.isLetter(letter) ? label : ".");

            assertThat(matches(regex, label)).as(Integer.toHexString(letter)).isTrue();
        }
        assertThat(LabelPattern.parse("(?i)[\\x00-\u052f]+").matches("TEAM-Жé")).isTrue();
    }

    /** Or refuses it: whatever Java's tables say of it, no letter may be read without an end. */
    @Test
    void readsEachOtherLetterOfTwoCasesAtOnce() {
        int refused = 0;
        for (int letter = 0x530; letter <= Character.MAX_CODE_POINT; letter++) {
            if (Character.toLowerCase(letter) == letter && Character.toUpperCase(letter) == letter) {
                continue;
            }
            String label = Character.toString(letter);
            try {
                assertThat(matches("(?i)" + label, label))
                        .as(Integer.toHexString(letter))
                        .isTrue();
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(9, 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(a+)+b", "(a|aa)+b", "(.*a){12}b", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "((a*)*|(a+)+){50}b"
            })
    void differsInsteadOfBacktrackingWithoutEnd(String regex) {
        assertThat(matches(regex, "a".repeat(1000))).isFalse();
    }

    @Test
    void survivesDeepRecursionOfTheMatcher() {
        assertThat(matches("(?:a|b)*", "ab".repeat(500))).isTrue();
        assertThat(matches("(?:" + "(".repeat(120) + "a*" + ")*".repeat(120) + "){2}b", "a".repeat(1000)))
                .isFalse();
        assertThat(matches(".*", "a".repeat(1000))).isTrue();
        assertThat(matches(".*", "a".repeat(1001))).isFalse();
    }

    /** A pattern of that kind once ran for 20 seconds and more on a label of three characters, uninterruptible. */
    @Test
    void neverTakesLongForAShortLabel() {
        String nested = "(".repeat(110) + "a*" + ")*".repeat(110) + "b?".repeat(61);

        assertThat(nested).hasSizeGreaterThan(450);
        assertThat(matches(nested, "abc")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a", "a*", "(a?)", "(|)", "|", "a{0,2}", "(a|b)?", "\\pL", "[^a]", "(?:a*?)", "a{2,}", "x{1,3}|", "^$"
            })
    void staysASmallProgramHoweverOftenAPartIsRepeated(String part) {
        for (String regex : List.of(
                part.repeat(500 / part.length()),
                "(?:" + part + "){" + (LabelPattern.MAX_WRITTEN_OUT / (part.length() + 16)) + "}",
                "(?:" + part.repeat(10) + "){0," + (LabelPattern.MAX_WRITTEN_OUT / (part.length() * 10 + 56)) + "}")) {
            try {
                LabelPattern pattern = LabelPattern.parse(regex);
                assertThat(program(pattern)).as(regex).isBetween(1, MAX_PROGRAM);
                pattern.matches("a".repeat(1000));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("too high");
            }
        }
    }

    /** RE2/J would take these otherwise than Java, without a word. */
    @ParameterizedTest
    @CsvSource({
        "'[a-z&&[^aeiou]]+', 'intersection && does not exist'",
        "'[\\d&&5]+', 'intersection && does not exist'",
        "'[a[bc]]', 'class within a class does not exist'",
        "'[a-c[x-z]]+', 'class within a class does not exist'",
        "'[A-[x]]', 'class within a class does not exist'",
        "'(a)\\11', 'Back-references do not exist'",
        "'\\141', 'no octal numbers'",
        "'\\0101', 'no octal numbers'",
        "'[\\101]', 'no octal numbers'",
        "'(?U)\\w+', 'flag U'",
        "'a(?i){2}', 'repeats nothing'",
        "'a(?i)?', 'repeats nothing'",
        "'\\b{g}a', 'written as \\{'",
        "'a{,5}', 'written as \\{'"
    })
    void refusesWhatItWouldTakeOtherwiseThanJava(String regex, String expected) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelPattern.parse(regex))
                .withMessageContaining(expected)
                .withMessageEndingWith(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u0085", "\u2028", "\u2029"})
    void endsALineWhereJavaDoes(String lineEnd) {
        assertThat(matches("ci-.*", "ci-" + lineEnd + "x")).isFalse();
        assertThat(matches("(?s)ci-.*", "ci-" + lineEnd + "x")).isTrue();
        assertThat(matches("ci-.(?s)x", "ci-" + lineEnd + "x")).isFalse();
        assertThat(matches("ci-\\Q" + lineEnd + "\\Ex", "ci-" + lineEnd + "x")).isTrue();
        assertThat(matches("ci-[^" + lineEnd + "]x", "ci-" + lineEnd + "x")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'\\Qjob{2024}\\E', 'job{2024}'",
        "'job\\{2024}', 'job{2024}'",
        "'[{2000}]+', '{2}'",
        "'(?i)việt-.*', 'VIỆT-x'",
        "'(?i)team–.*', 'TEAM–x'",
        "'(?i)[日-本]+', '日'",
        "'(?-i)ᲀ', 'ᲀ'",
        "'\\(?iᲀ', '(iᲀ'",
        "'\\p{Greek}\\x{41}{2}', 'αAA'"
    })
    void takesNothingForACountOrAFlagThatIsNone(String regex, String label) {
        assertThat(matches(regex, label)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a){30}(b){30}",
                "(ab){20}-(cd){20}",
                "([a-z]+-){1,10}([0-9]+-){1,10}x",
                "\\Qjobs\\E{100}",
                "\\Qjob\\E{500}",
                "[\\w.-]{1,255}/[\\w.-]{1,255}"
            })
    void takesCountsThatAreNotTooHigh(String regex) {
        assertThat(program(LabelPattern.parse(regex))).isLessThan(MAX_PROGRAM);
    }

    @Test
    void saysThatTheSyntaxIsAnotherOnlyWhereItIs() {
        for (String slip : List.of("(a", "[a", "*a")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LabelPattern.parse(slip))
                    .withMessageNotContaining("RE2");
        }
    }
}
