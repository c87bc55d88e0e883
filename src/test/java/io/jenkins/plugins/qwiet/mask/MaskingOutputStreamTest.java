package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingOutputStreamTest {
    private static final String TOKEN = Samples.jwt(1);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicReference<Mask> mask = new AtomicReference<>(Samples.mask(TOKEN));
    private final MaskingOutputStream masking = new MaskingOutputStream(out, mask::get);

    @Test
    void hidesASecretWhereverAWriteSplitsIt() throws IOException {
        byte[] text = ("curl -H 'Authorization: Bearer " + TOKEN + "' && echo\r\n").getBytes(UTF_8);
        for (int split = 0; split <= text.length; split++) {
            var visible = new ByteArrayOutputStream();
            try (var stream = new MaskingOutputStream(visible, mask::get)) {
                stream.write(text, 0, split);
                stream.write(text, split, text.length - split);
            }
            assertThat(visible).hasToString("curl -H 'Authorization: Bearer ****' && echo\r\n");
        }
    }

    @Test
    void hidesASecretWrittenByteByByte() throws IOException {
        for (byte b : ("<" + TOKEN + ">" + TOKEN).getBytes(UTF_8)) {
            masking.write(b);
        }
        masking.close();
        assertThat(out).hasToString("<****>****");
    }

    @Test
    void hidesASecretAtTheEndWithoutNewline() throws IOException {
        write("token=" + TOKEN);
        assertThat(out).hasToString("token=****");
        masking.close();
        assertThat(out).hasToString("token=****");
    }

    /** Pipeline ends a step's log with a line's end and a flush, and on an agent nobody ever closes it. */
    @Test
    void hasPassedOnEachWholeLineWhenItIsFlushed() throws IOException {
        String encoded = Base64.getEncoder().encodeToString(TOKEN.getBytes(UTF_8));
        for (String secret : List.of(TOKEN, encoded, HexFormat.of().formatHex(TOKEN.getBytes(UTF_8)))) {
            for (String lineEnd : List.of("\n", "\r\n")) {
                for (int begun = 0; begun <= secret.length(); begun++) {
                    out.reset();
                    String line = "ends with " + secret.substring(0, begun);
                    var stream = new MaskingOutputStream(out, mask::get);
                    stream.write((line + lineEnd).getBytes(UTF_8));
                    stream.flush();
                    assertThat(out.toString(UTF_8)).isIn(line + lineEnd, "ends with ****" + lineEnd);
                }
            }
        }
    }

    @Test
    void hidesInALineOfSeveralMegabytes() throws IOException {
        String filler = "x".repeat(3_000_000);
        write(filler + TOKEN + filler + TOKEN);
        masking.close();
        assertThat(out.toString(UTF_8)).isEqualTo(filler + "****" + filler + "****");
    }

    @Test
    void keepsLineEndsOfAllKinds() throws IOException {
        write("a\r\n" + TOKEN + "\r\nb\n" + TOKEN + "\n\r" + TOKEN + "\r");
        masking.close();
        assertThat(out).hasToString("a\r\n****\r\nb\n****\n\r****\r");
    }

    @Test
    void leavesConsoleNotesIntact() throws IOException {
        String note = "\u001B[8mha:////4HLZ0Zv0QqmyAZkq2CV5n9AAAAlx+LCAAAAAAAAP9b85aBtbiIQTGjNKU4P0+=\u001B[0m";
        write(note + "[Pipeline] sh\n" + note + "+ echo " + TOKEN + "\n");
        masking.close();
        assertThat(out).hasToString(note + "[Pipeline] sh\n" + note + "+ echo ****\n");
    }

    @Test
    void leavesBinaryBytesAndBrokenCharactersAlone() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        masking.write(noise);
        write(TOKEN);
        masking.write(noise);
        masking.close();
        var expected = new ByteArrayOutputStream();
        expected.writeBytes(noise);
        expected.writeBytes("****".getBytes(UTF_8));
        expected.writeBytes(noise);
        assertThat(out.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-8",
                "UTF-16",
                "UTF-16LE",
                "UTF-16BE",
                "UTF-32",
                "ISO-8859-1",
                "windows-1252",
                "IBM1047",
                "IBM500",
                "Shift_JIS",
                "GB18030",
                "US-ASCII",
                "ISO-2022-JP"
            })
    void hidesInEveryCharset(String name) throws IOException {
        Charset charset = Charset.forName(name);
        mask.set(Samples.mask(charset, TOKEN, "pass w\u00f6rd/long"));
        byte[] text = ("one " + TOKEN + " two\r\npass w\u00f6rd/long\n").getBytes(charset);
        byte[] expected = "one **** two\r\n****\n".getBytes(charset);
        for (int chunk : new int[] {1, 3, 8, text.length}) {
            assertThat(Samples.through(mask.get(), text, chunk)).isEqualTo(expected);
        }
    }

    @Test
    void hidesASecretThatTheCharsetCannotWriteInTheWayItIsWritten() throws IOException {
        Charset ascii = Charset.forName("US-ASCII");
        mask.set(Samples.mask(ascii, "pass w\u00f6rd/long", "\u65e5\u672c\u8a9e"));
        masking.write("pass w\u00f6rd/long what???".getBytes(ascii));
        masking.close();
        assertThat(out).hasToString("**** what???");
    }

    @Test
    void hidesEmoji() throws IOException {
        mask.set(Samples.mask("\uD83D\uDE00\uD83D\uDE01\uD83D\uDE02"));
        write("\uD83D\uDE00 \uD83D\uDE00\uD83D\uDE01\uD83D\uDE02 \uD83D\uDE02");
        masking.close();
        assertThat(out.toString(UTF_8)).isEqualTo("\uD83D\uDE00 **** \uD83D\uDE02");
    }

    @Test
    void hidesTheLongerOfTwoSecretsOfWhichOneContainsTheOther() throws IOException {
        mask.set(Samples.mask("secret", "my-secret-is-long", "my-sec"));
        write("my-secret-is-long, my-secret-is-short, secret, my-sec");
        masking.close();
        assertThat(out).hasToString("****, ****-is-short, ****, ****");
    }

    @Test
    void leavesNoFragmentOfOverlappingSecrets() throws IOException {
        mask.set(Samples.mask("abcdefgh", "ghijklm", "klmnop"));
        write("-abcdefghijklmnop-");
        masking.close();
        assertThat(out).hasToString("-****-");
    }

    @Test
    void hidesEachOfTwoHundredTokens() throws IOException {
        String[] tokens = IntStream.range(0, 200).mapToObj(Samples::jwt).toArray(String[]::new);
        mask.set(Samples.mask(tokens));
        write(String.join("\n", tokens));
        write("\n" + Samples.jwt(200));
        masking.close();
        assertThat(out).hasToString("****\n".repeat(200) + Samples.jwt(200));
    }

    @Test
    void hidesASecretAddedInMidStreamFromThenOn() throws IOException {
        mask.set(Mask.none());
        write("before s3cr3t-value\n");
        mask.set(Samples.mask("s3cr3t-value"));
        write("after s3cr3t-value\n");
        mask.set(Samples.mask("s3cr3t-value", "0ther-value"));
        write("0ther-value s3cr3t-value\n");
        assertThat(out).hasToString("before s3cr3t-value\nafter ****\n**** ****\n");
    }

    @Test
    void looksAtWhatItHoldsBackWithTheSecretsOfTheMoment() throws IOException {
        mask.set(Samples.mask("abcdefgh"));
        write("--abcdef");
        assertThat(out).hasToString("--");
        mask.set(Samples.mask("abcdefgh", "cdefxyz"));
        write("xyz--");
        assertThat(out).hasToString("--ab****--");
    }

    @Test
    void flushReleasesAPromptButNoBeginningOfASecret() throws IOException {
        mask.set(Samples.mask("yes-i-am-secret"));
        write("Continue? [y/N] ");
        assertThat(out).hasToString("Continue? [y/N] ");
        write("or yes-i");
        masking.flush();
        assertThat(out).hasToString("Continue? [y/N] or ");
        write("t\n");
        assertThat(out).hasToString("Continue? [y/N] or yes-it\n");
    }

    @Test
    void passesOnByOneWriteWhatOneWriteBrought() throws IOException {
        var writes = new ArrayList<String>();
        var below = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("byte by byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(new String(bytes, offset, length, UTF_8));
            }
        };
        try (var masking = new MaskingOutputStream(below, () -> Samples.mask("s3cr3t"))) {
            masking.write("it is s3cr3t, s3cr3t!\n".getBytes(UTF_8));
            masking.write("a line\n".getBytes(UTF_8));
            masking.write("begins s3c".getBytes(UTF_8));
            masking.write("r3t ends\n".getBytes(UTF_8));
            masking.write("begins s3c".getBytes(UTF_8));
            masking.write(("ond" + "x".repeat(70_000) + "\n").getBytes(UTF_8));
        }
        assertThat(writes)
                .containsExactly(
                        "it is ****, ****!\n",
                        "a line\n",
                        "begins ",
                        "**** ends\n",
                        "begins ",
                        "s3cond" + "x".repeat(70_000) + "\n");
    }

    /** Each write would go through all of them again. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n\n\n"})
    void doesNotKeepEmptyLinesBehindTheBeginningOfASecret(String empty) throws IOException {
        write(TOKEN.substring(0, 40) + "\r\n");
        int held = masking.heldBack();
        assertThat(held).isPositive();
        for (int i = 0; i < 1000; i++) {
            write(empty);
            assertThat(masking.heldBack()).isLessThanOrEqualTo(held);
        }
        write(TOKEN.substring(40) + "\n");
        assertThat(out).hasToString("****\r\n" + empty.repeat(1000) + "****\n");
    }

    /** The first characters are the same in every token, so anybody's log may have them. */
    @Test
    void doesNotKeepEmptyLinesWithinTheBeginningOfASecret() throws IOException {
        write(TOKEN.substring(0, 16));
        for (int at = 16; at < 60; at++) {
            write("\n".repeat(1000) + TOKEN.charAt(at));
        }
        assertThat(masking.heldBack()).isLessThan(200);
        write(TOKEN.substring(60) + "\n");
        assertThat(out.toString()).matches("(?s)(\\*{4}\n{1000}){44}\\*{4}\n");
    }

    @Test
    void flushAndCloseReachTheStreamBelow() throws IOException {
        var calls = new StringBuilder();
        var below = new OutputStream() {
            @Override
            public void write(int b) {
                calls.append((char) b);
            }

            @Override
            public void flush() {
                calls.append("<flush>");
            }

            @Override
            public void close() {
                calls.append("<close>");
            }
        };
        var stream = new MaskingOutputStream(below, () -> Samples.mask("abcdef"));
        stream.write("xabc".getBytes(UTF_8));
        stream.flush();
        stream.close();
        assertThat(calls).hasToString("x<flush>abc<close>");
    }

    @Test
    void closeReleasesTheBeginningOfASecretThatNeverWentOn() throws IOException {
        mask.set(Samples.mask("abcdef", "bcd"));
        write("--abcde");
        assertThat(out).hasToString("--");
        masking.close();
        assertThat(out).hasToString("--a****e");
    }

    @Test
    void showsTheMaskAsSoonAsASecretIsCompleteThoughALongerOneMayFollow() throws IOException {
        mask.set(Samples.mask("abcdef", "abcdefghi"));
        write("abcdef");
        assertThat(out).hasToString("****");
        write("gh");
        assertThat(out).hasToString("****");
        write("x");
        assertThat(out).hasToString("****ghx");
        write("abcdefghix");
        assertThat(out).hasToString("****ghx****x");
    }

    @Test
    void leavesNoSecretWhenTheStreamBelowFailsForAMoment() throws IOException {
        var failing = new OutputStream() {
            private boolean broken;

            @Override
            public void write(int b) throws IOException {
                if (broken) {
                    broken = false;
                    throw new IOException("disk full");
                }
                out.write(b);
            }
        };
        var stream = new MaskingOutputStream(failing, () -> Samples.mask("abcdef"));
        failing.broken = true;
        assertThatThrownBy(() -> stream.write("lost abc".getBytes(UTF_8))).hasMessage("disk full");
        stream.write("def seen".getBytes(UTF_8));
        failing.broken = true;
        assertThatThrownBy(() -> stream.write("abcdef-".getBytes(UTF_8))).hasMessage("disk full");
        stream.close();
        assertThat(out.toString(UTF_8))
                .doesNotContain("abc")
                .doesNotContain("def")
                .startsWith("**** seen");
    }

    @Test
    void passesEverythingWhenThereIsNothingToHide() throws IOException {
        mask.set(Mask.none());
        write(TOKEN);
        assertThat(out).hasToString(TOKEN);
    }

    @Test
    void refusesRangesOutsideOfTheArray() {
        assertThatThrownBy(() -> masking.write(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private void write(String text) throws IOException {
        masking.write(text.getBytes(UTF_8));
    }
}
