package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import groovy.lang.GroovyShell;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersInErrorsTest {
    private static final String VALUE =
            "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.kP3vX0Zr9uQm2tYw7LhJd5BnC8sGfE1aRiUoTzVxKjM";

    private static Mask mask() {
        return Mask.of(List.of(SecretText.of(VALUE)), StandardCharsets.UTF_8);
    }

    private static Throwable made(String script) {
        return (Throwable)
                new GroovyShell(NumbersInErrorsTest.class.getClassLoader()).evaluate(script.replace("MESSAGE", VALUE));
    }

    /** security.md: "with **** in its text and in each field"; "the same becomes of an error that keeps bytes or single characters". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "m.bytes.collect { it as int }",
                "[type: 'Buffer', data: m.bytes.collect { it as int }]",
                "m.bytes.collect { it as Integer } as Integer[]",
                "m.codePoints().boxed().collect(java.util.stream.Collectors.toList())",
                "new BigInteger(m.bytes)",
                "m.toList().collect { \"$it\" }",
            })
    void keepsNoNumbersOfIt(String kept) {
        Throwable failure =
                made("class A extends IOException { def kept; A(m) { super(m); kept = KEPT } }; new A('MESSAGE')"
                        .replace("KEPT", kept));

        Throwable hidden = MaskedFailures.hide(failure, mask());

        if (hidden.getClass() == failure.getClass()) {
            Object now = InvokerHelper.getProperty(hidden, "kept");
            if (now instanceof java.util.Map<?, ?> map) {
                now = map.get("data");
            }
            if (now instanceof Integer[] array) {
                now = List.of(array);
            }
            String text = now instanceof java.math.BigInteger big
                    ? new String(big.toByteArray(), StandardCharsets.UTF_8)
                    : String.join(
                            "",
                            ((List<?>) now)
                                    .stream()
                                            .map(each -> each instanceof Integer i
                                                    ? String.valueOf((char) i.intValue())
                                                    : String.valueOf(each))
                                            .toList());
            assertThat(text).as("a field of the copy").doesNotContain("kP3vX0Zr9uQm2tYw7LhJd5BnC8sGfE1aRiUoTzVxKjM");
        }
    }

    /** A cause that is suppressed too, and shows nothing. */
    @Test
    void keepsACauseThatIsThereTwice() {
        Throwable failure = made(
                "class A extends IOException { def kept = new Object(); A(m, c) { super(m, c) } };"
                        + " def c = new FileNotFoundException('a file'); def a = new A('MESSAGE', c); a.addSuppressed(new IOException('other', c)); a.addSuppressed(c); a");

        Throwable hidden = MaskedFailures.hide(failure, mask());

        assertThat(hidden.getCause()).hasMessage("a file");
        assertThat(hidden.getSuppressed()[1]).hasMessage("a file");
    }

    /** Two keys that both become **** would be one. */
    @Test
    void losesNoEntryOfAMap() {
        String other = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.AAAvX0Zr9uQm2tYw7LhJd5BnC8sGfE1aRiUoTzVxKjM";
        Throwable failure = made("class A extends IOException { def kept; A(m, k) { super(m); kept = k } };"
                + " new A('MESSAGE', ['MESSAGE': 1, '" + other + "': 2])");

        Throwable hidden = MaskedFailures.hide(
                failure, Mask.of(List.of(SecretText.of(VALUE), SecretText.of(other)), StandardCharsets.UTF_8));

        assertThat(hidden).isExactlyInstanceOf(IOException.class).hasMessage("****");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a JSON of Uint8Array | def r = [:]; m.bytes.eachWithIndex { b, i -> r[\"$i\".toString()] = b as int }; r "
                        + "| new String(k.values().collect { it as byte } as byte[])",
                "rows of eight numbers | m.bytes.collect { it as int }.collate(8).collect { new ArrayList(it) } "
                        + "| new String(k.flatten().collect { it as byte } as byte[])",
                "a BigDecimal | new BigDecimal(new BigInteger(m.bytes)) | new String(k.unscaledValue().toByteArray())",
                "pairs of hex digits | m.bytes.encodeHex().toString().toList().collate(2)*.join('') "
                        + "| new String(k.join('').decodeHex())",
            })
    void keepsNoPiecesOfIt(String name, String kept, String read) {
        var shell = new GroovyShell(NumbersInErrorsTest.class.getClassLoader());
        var failure = (Throwable)
                shell.evaluate("class A extends IOException { def kept; A(m, k) { super(m); kept = k } }; def m = '"
                        + VALUE + "'; def made = { -> " + kept + " }; new A(m, made())");

        Throwable hidden = MaskedFailures.hide(failure, Mask.of(List.of(SecretText.of(VALUE)), StandardCharsets.UTF_8));

        if (hidden.getClass() == failure.getClass()) {
            shell.setVariable("k", InvokerHelper.getProperty(hidden, "kept"));
            assertThat(String.valueOf(shell.evaluate(read)))
                    .as("a field of the copy")
                    .doesNotContain("kP3vX0Zr9uQm");
        }
        assertThat(hidden.getMessage()).doesNotContain("kP3vX0Zr9uQm");
    }

    /** Groovy's decimals, and sizes of files. */
    @Test
    void keepsTheNumbersOfEveryDay() {
        Throwable failure = made("class A extends IOException { def kept; A(m, k) { super(m); kept = k } };"
                + " new A('MESSAGE', [share: 0.8, size: 12345678901G, names: ['shop', 'scan']])");

        Throwable hidden = MaskedFailures.hide(failure, mask());

        assertThat(hidden.getClass()).isEqualTo(failure.getClass());
        assertThat(InvokerHelper.getProperty(hidden, "kept"))
                .hasToString("{share=0.8, size=12345678901, names=[shop, scan]}");
    }
}
