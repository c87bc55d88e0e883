package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MaskingPropertiesTest {
    private static final byte[] STARS = "****".getBytes(UTF_8);

    /** Few letters make many hits, overlaps, near misses and forms within forms. */
    @Property(tries = 3000)
    void hidesTheUnionOfAllHitsAndNothingElse(
            @ForAll("fewLetters") List<byte[]> forms,
            @ForAll("text") byte[] text,
            @ForAll("chunks") List<Integer> chunks)
            throws IOException {
        assertThat(inChunks(Mask.ofBytes(forms), text, chunks)).isEqualTo(NaiveMasking.hide(text, forms, STARS));
    }

    @Property(tries = 1000)
    void hidesTheUnionOfAllHitsOfLongForms(
            @ForAll("longForms") List<byte[]> forms,
            @ForAll("chunks") List<Integer> chunks,
            @ForAll @Size(min = 1, max = 12) List<Integer> choices)
            throws IOException {
        byte[] text = piecedTogether(forms, choices);
        assertThat(inChunks(Mask.ofBytes(forms), text, chunks)).isEqualTo(NaiveMasking.hide(text, forms, STARS));
    }

    @Property(tries = 1000)
    void hidesInPlaceWhatItHidesAndNothingElse(
            @ForAll("secrets") List<String> secrets, @ForAll @Size(max = 12) List<Integer> choices) {
        Mask mask = Mask.of(secretTexts(secrets), UTF_8);
        byte[] text = piecedTogether(Samples.forms(UTF_8, secrets.toArray(String[]::new)), choices);

        byte[] hidden = mask.hideInPlace(text);

        // A stream puts four stars for each, whatever its length, and leaves half an escape. It hides what a line
        // begins too; a text needs one that is whole.
        if (hidden != text && new String(text, UTF_8).indexOf('\\') < 0) {
            assertThat(withOneStar(hidden)).isEqualTo(withOneStar(Samples.through(mask, text, text.length + 1)));
        }
        assertThat(mask.reveals(new String(hidden, UTF_8))).isFalse();
        assertThat(hidden).hasSameSizeAs(text);
        for (int at = 0; at < text.length; at++) {
            assertThat(hidden[at]).isIn(text[at], (byte) '*');
        }
    }

    private static String withOneStar(byte[] hidden) {
        return new String(hidden, UTF_8).replaceAll("[*]+", "*");
    }

    /** Secrets come and go; what is hidden in the end depends on the last of them only. */
    @Property(tries = 300)
    void hidesWhatAMaskMadeAtOnceHides(
            @ForAll("secrets") List<String> some,
            @ForAll("secrets") List<String> others,
            @ForAll("charsets") Charset charset,
            @ForAll @Size(max = 12) List<Integer> choices) {
        Mask grown = Samples.mask(charset);
        for (int i = 1; i <= some.size(); i++) {
            grown = grown.with(secretTexts(some.subList(0, i)));
        }
        Mask before = grown;
        for (int i = some.size(); i >= 0; i--) {
            var now = new ArrayList<>(some.subList(0, i));
            now.addAll(others.subList(0, Math.max(0, others.size() - i)));
            grown = grown.with(secretTexts(now));
        }
        var all = new ArrayList<>(some);
        all.addAll(others);
        byte[] text = piecedTogether(Samples.forms(charset, all.toArray(String[]::new)), choices);

        assertThat(Samples.through(grown, text, 7))
                .isEqualTo(Samples.through(Samples.mask(charset, others.toArray(String[]::new)), text, 7));
        assertThat(Samples.through(before, text, 7))
                .as("a mask that others were made from")
                .isEqualTo(Samples.through(Samples.mask(charset, some.toArray(String[]::new)), text, 7));
    }

    /** The others that the mask hides, or did, change nothing. */
    @Property(tries = 300)
    void saysOfASecretThatItStandsInATextIfAMaskOfItAloneDoes(
            @ForAll("secrets") List<String> some,
            @ForAll("secrets") List<String> others,
            @ForAll @Size(max = 12) List<Integer> choices) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        String text = new String(piecedTogether(Samples.forms(UTF_8, all.toArray(String[]::new)), choices), UTF_8);
        Mask both = Mask.of(secretTexts(all), UTF_8);

        assertThat(both.revealedBy(text)).isEqualTo(standing(all, text));
        assertThat(both.with(secretTexts(some)).revealedBy(text)).isEqualTo(standing(some, text));
    }

    private static Set<SecretText> standing(List<String> secrets, String text) {
        return secretTexts(secrets).stream()
                .filter(secret -> Mask.of(List.of(secret), UTF_8).reveals(text))
                .collect(Collectors.toSet());
    }

    private static List<SecretText> secretTexts(List<String> secrets) {
        return secrets.stream().map(SecretText::of).toList();
    }

    @Property(tries = 300)
    void givesTheSameForEveryChunking(
            @ForAll("secrets") List<String> secrets,
            @ForAll("charsets") Charset charset,
            @ForAll @Size(max = 12) List<Integer> choices,
            @ForAll("chunks") List<Integer> chunks)
            throws IOException {
        byte[] text = piecedTogether(Samples.forms(charset, secrets.toArray(String[]::new)), choices);
        Mask mask = Samples.mask(charset, secrets.toArray(String[]::new));
        assertThat(inChunks(mask, text, chunks)).isEqualTo(Samples.through(mask, text, Math.max(1, text.length)));
    }

    /** Of one that has line ends itself, and of one that hardly differs. */
    @Property(tries = 1000)
    void givesTheSameForEveryChunkingOfASecretOfSeveralLines(
            @ForAll("likeLetters") String one,
            @ForAll("likeLetters") String other,
            @ForAll @IntRange(min = 1, max = 60) int lineEnd,
            @ForAll @Size(min = 1, max = 12) List<Integer> choices,
            @ForAll("chunks") List<Integer> chunks)
            throws IOException {
        String[] secrets = {one.substring(0, lineEnd) + "\n" + one.substring(lineEnd), other};
        byte[] text = piecedTogether(Samples.forms(UTF_8, secrets), choices);
        Mask mask = Samples.mask(secrets);
        assertThat(inChunks(mask, text, chunks)).isEqualTo(Samples.through(mask, text, Math.max(1, text.length)));
    }

    @Provide
    Arbitrary<String> likeLetters() {
        return Arbitraries.strings().withChars("aab").ofLength(70);
    }

    @Property(tries = 300)
    void leavesNoFormOfASecret(
            @ForAll("secrets") List<String> secrets,
            @ForAll @Size(max = 12) List<Integer> choices,
            @ForAll String noise) {
        List<byte[]> forms = Samples.forms(UTF_8, secrets.toArray(String[]::new));
        var text = new ByteArrayOutputStream();
        text.writeBytes(piecedTogether(forms, choices));
        text.writeBytes(noise.getBytes(UTF_8));
        Mask mask = Samples.mask(secrets.toArray(String[]::new));
        byte[] visible = Samples.through(mask, text.toByteArray(), 7);
        assertThat(visible).isEqualTo(NaiveMasking.hide(text.toByteArray(), forms, Samples.digits(secrets), STARS));
        // Between the stars; with them, a fragment before and one behind could spell a secret that holds stars.
        for (String between : new String(visible, UTF_8).split("\\*{4}")) {
            assertThat(mask.reveals(between)).isFalse();
        }
    }

    /** Hexadecimal digits of secrets, cut and put together with what tools write between them. */
    @Property(tries = 1000)
    void hidesTheUnionOfAllDigitsAndNothingElse(
            @ForAll("jwts") List<String> secrets,
            @ForAll("chunks") List<Integer> chunks,
            @ForAll @Size(min = 1, max = 60) List<Integer> choices)
            throws IOException {
        List<String> digits = List.copyOf(Samples.digits(secrets));
        var between =
                List.of("", " ", "  ", ", 0x", "\\x", "%", "0x", "0", "x", "\n", "\r\n", "g", ".......", "........");
        var text = new StringBuilder();
        for (int choice : choices) {
            String some = digits.get(Math.floorMod(choice, digits.size()));
            String separator = between.get(Math.floorMod(choice / 7, between.size()));
            int from = choice % 3 == 0 ? 2 * Math.floorMod(choice / 11, 8) : 0;
            text.append(some.substring(from)
                    .replaceAll(choice % 5 == 0 ? "(..)" : "(.{8})", "$1" + Matcher.quoteReplacement(separator)));
        }
        byte[] printed = text.toString().getBytes(UTF_8);
        Mask mask = Samples.mask(secrets.toArray(String[]::new));
        assertThat(inChunks(mask, printed, chunks))
                .isEqualTo(NaiveMasking.hide(
                        printed, Samples.forms(UTF_8, secrets.toArray(String[]::new)), Set.copyOf(digits), STARS));
    }

    @Property(tries = 300)
    void hidesBase64OfTheSecretInsideOfOtherText(
            @ForAll("secret") String secret, @ForAll String before, @ForAll String after) {
        byte[] start = before.getBytes(UTF_8);
        byte[] all = (before + secret + after).getBytes(UTF_8);
        int pureFrom = (8 * start.length + 5) / 6;
        int pureTo = 8 * (start.length + secret.getBytes(UTF_8).length) / 6;
        Mask mask = Samples.mask(secret);
        for (Base64.Encoder encoder : List.of(
                Base64.getEncoder(),
                Base64.getUrlEncoder(),
                Base64.getEncoder().withoutPadding(),
                Base64.getUrlEncoder().withoutPadding())) {
            String encoded = encoder.encodeToString(all);
            assertThat(mask.hide(encoded)).doesNotContain(encoded.substring(pureFrom, pureTo));
            assertThat(mask.hide(encoded.substring(pureFrom, pureTo))).isEqualTo("****");
        }
    }

    @Property(tries = 300)
    void hidesUrlEncodings(@ForAll("secret") String secret) {
        String encoded = URLEncoder.encode(secret, UTF_8);
        assertThat(Samples.mask(secret).hide(encoded)).isEqualTo("****");
        assertThat(Samples.mask(secret).hide(encoded.replace("+", "%20"))).isEqualTo("****");
    }

    private static byte[] inChunks(Mask mask, byte[] text, List<Integer> chunks) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var masking = new MaskingOutputStream(out, () -> mask)) {
            int at = 0;
            for (int i = 0; at < text.length; i++) {
                int length = Math.min(chunks.get(i % chunks.size()), text.length - at);
                masking.write(text, at, length);
                masking.flush();
                at += length;
            }
        }
        return out.toByteArray();
    }

    /** A number picks a form; how much of it, from which end, and what stands between comes from the number as well. */
    private static byte[] piecedTogether(List<byte[]> forms, List<Integer> choices) {
        var text = new ByteArrayOutputStream();
        for (int choice : choices) {
            byte[] form = forms.get(Math.floorMod(choice, forms.size()));
            int cut = choice % 3 == 0 ? Math.floorMod(choice / 7, form.length) : form.length;
            boolean end = choice % 2 == 0;
            text.write(form, end ? form.length - cut : 0, cut);
            if (choice % 5 == 0) {
                text.writeBytes(" -- \r\n".getBytes(UTF_8));
            }
        }
        int width = choices.isEmpty() ? 0 : choices.get(0) % 90;
        return width < 9
                ? text.toByteArray()
                : inLines(text.toByteArray(), width, choices.get(0) % 2 == 0 ? "\n" : "\r\n");
    }

    private static byte[] inLines(byte[] text, int width, String lineEnd) {
        var lines = new ByteArrayOutputStream();
        for (int at = 0; at < text.length; at += width) {
            lines.write(text, at, Math.min(width, text.length - at));
            lines.writeBytes(lineEnd.getBytes(UTF_8));
        }
        return lines.toByteArray();
    }

    @Provide
    Arbitrary<List<byte[]>> fewLetters() {
        return bytes("abc", 1, 7).list().ofMinSize(1).ofMaxSize(8);
    }

    @Provide
    Arbitrary<byte[]> text() {
        return bytes("abcd\n", 0, 80);
    }

    /** Of lengths around the limits of the index: a gram of 8, a window of 32. */
    @Provide
    Arbitrary<List<byte[]>> longForms() {
        return Arbitraries.integers()
                .between(1, 40)
                .flatMap(shortest ->
                        bytes("ab", shortest, 70).list().ofMinSize(1).ofMaxSize(12));
    }

    private static Arbitrary<byte[]> bytes(String characters, int shortest, int longest) {
        return Arbitraries.strings()
                .withChars(characters)
                .ofMinLength(shortest)
                .ofMaxLength(longest)
                .map(letters -> letters.getBytes(UTF_8));
    }

    @Provide
    Arbitrary<List<Integer>> chunks() {
        return Arbitraries.integers().between(1, 60).list().ofMinSize(1).ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<String>> secrets() {
        return secret().list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<String>> jwts() {
        return Arbitraries.integers().map(Samples::jwt).list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<Charset> charsets() {
        return Arbitraries.of("UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252", "IBM1047")
                .map(Charset::forName);
    }

    /** Tokens, passwords, and whatever Unicode has; long enough to be hidden in each form. */
    @Provide
    Arbitrary<String> secret() {
        Arbitrary<String> passwords =
                Arbitraries.strings().withCharRange('!', '~').ofMinLength(8).ofMaxLength(60);
        Arbitrary<String> texts = Combinators.combine(
                        Arbitraries.strings().alpha().ofLength(8),
                        Arbitraries.strings().all().ofMaxLength(20).filter(UTF_8.newEncoder()::canEncode))
                .as(String::concat);
        return Arbitraries.oneOf(passwords, texts, Arbitraries.integers().map(Samples::jwt));
    }
}
