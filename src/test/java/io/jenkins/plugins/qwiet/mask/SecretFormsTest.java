package io.jenkins.plugins.qwiet.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each form is made by another encoder than ours where Java, or the machine, has one. */
class SecretFormsTest {
    private static final String TOKEN = Samples.jwt(1);

    private static final Map<String, Mask> MASKS = new ConcurrentHashMap<>();

    static Stream<String> secrets() {
        return Stream.of(TOKEN, Samples.AWKWARD, "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n\tAB/CD+EF=\n-----END");
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void hidesTheValue(String secret) {
        assertHidden(secret, secret);
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void hidesBase64AtEachAlignmentWithAndWithoutPaddingInBothAlphabets(String secret) {
        for (String before : List.of("", "u", "us", "user:")) {
            for (String after : List.of("", "\n", "@h", "@ho", "@host")) {
                for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                    assertBase64Hidden(secret, encoder, before, after);
                    assertBase64Hidden(secret, encoder.withoutPadding(), before, after);
                }
            }
        }
    }

    private static void assertBase64Hidden(String secret, Base64.Encoder encoder, String before, String after) {
        String encoded = encoder.encodeToString((before + secret + after).getBytes(StandardCharsets.UTF_8));
        int secretBytes = secret.getBytes(StandardCharsets.UTF_8).length;
        // The characters that hold bits of the secret and of nothing else.
        int begin = (8 * before.length() + 5) / 6;
        int end = 8 * (before.length() + secretBytes) / 6;
        String visible = Samples.masked(Samples.mask(secret), encoded);
        assertThat(visible).startsWith(encoded.substring(0, begin) + "****");
        assertThat(encoded.substring(end)).endsWith(visible.substring(begin + 4));
    }

    static Stream<String> lineEnds() {
        return Stream.of("\n", "\r\n");
    }

    @ParameterizedTest
    @MethodSource("lineEnds")
    void hidesBase64InLinesOfEveryWidthWhereverItBegins(String lineEnd) {
        for (int width = 60; width <= 100; width++) {
            for (int before = 0; before < 120; before += width % 4 == 0 ? 1 : 7) {
                for (String after : List.of("", "\n", "\"}", "@host".repeat(50))) {
                    assertInLines("u".repeat(before), after, StandardCharsets.UTF_8, width, lineEnd);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lineEnds")
    void hidesBase64OfUtf16InLinesWhereverItBegins(String lineEnd) {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            for (int width : List.of(64, 76, 10_000)) {
                for (int before = 0; before < 40; before++) {
                    assertInLines("u".repeat(before), "", charset, width, lineEnd);
                    assertInLines("u".repeat(before), "\"}", charset, width, lineEnd);
                }
            }
        }
    }

    /** Of the token not more than some characters at its beginning are left, and a few at its end. */
    private static void assertInLines(String before, String after, Charset charset, int width, String lineEnd) {
        String encoded = Base64.getEncoder().encodeToString((before + TOKEN + after).getBytes(charset));
        String visible = visible(TOKEN, inLines(encoded, width, lineEnd))
                .replaceAll("[\r\n]", "")
                .replaceAll("(\\*{4})+", "****");
        String where = charset + ", lines of " + width + ", " + before.length() + " characters before";
        int shown = visible.indexOf("****");
        int begin = 8 * before.getBytes(charset).length / 6;
        assertThat(shown).as(where).isBetween(begin, begin + 19);
        String rest = visible.substring(shown + 4);
        assertThat(encoded).as(where).endsWith(rest);
        int end = 8 * (before + TOKEN).getBytes(charset).length / 6;
        assertThat(rest.length()).as(where).isLessThanOrEqualTo(encoded.length() - end + 3);
    }

    private static String inLines(String text, int width, String lineEnd) {
        return text.replaceAll("(.{" + width + "})(?!$)", "$1" + lineEnd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":", "-"})
    void hidesHexadecimalDigitsInOnePieceAndInLines(String between) {
        for (HexFormat hex : List.of(
                HexFormat.ofDelimiter(between), HexFormat.ofDelimiter(between).withUpperCase())) {
            String printed = hex.formatHex(TOKEN.getBytes(StandardCharsets.UTF_8));
            assertHidden(TOKEN, printed);
            // xxd -p prints 60 digits, od 16 bytes.
            for (int width : List.of(48, 60, 80)) {
                assertHidden(TOKEN, inLines(printed, width, "\n"));
                assertHidden(TOKEN, inLines(printed, width, "\r\n"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lineEnds")
    void hidesATokenThatATerminalFoldsWhereverItBegins(String lineEnd) {
        for (int before = 0; before < 100; before++) {
            String visible = visible(TOKEN, inLines("-".repeat(before) + TOKEN + "-".repeat(90), 80, lineEnd));
            String left = visible.replaceAll("[-\r\n]|\\*{4}", "");
            assertThat(TOKEN).startsWith(left);
            assertThat(left).hasSizeLessThan(16);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base64",
                "base64 -w 64",
                "openssl base64",
                "openssl base64 -A",
                "xxd -p",
                "xxd -p -u",
                "od -An -v -tx1",
                "fold -w 80",
                "fold -w 60",
                "iconv -t UTF-16LE",
                "iconv -t UTF-16LE | base64",
                "python3 -c 'import sys, json; print(json.dumps({\"t\": sys.stdin.read()}))'"
            })
    void hidesWhatThisMachinesToolsPrint(String tool) throws Exception {
        for (String around : List.of("%s", "user:%s", "{\"user\": \"ci\", \"token\": \"%s\"}")) {
            Process process = new ProcessBuilder("/bin/sh", "-c", tool)
                    .redirectErrorStream(true)
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(String.format(around, TOKEN).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                assumeTrue(false, "no " + tool + " here");
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assumeTrue(process.waitFor() == 0, "no " + tool + " here");
            String visible = visible(TOKEN, printed);
            assertThat(visible).contains("****");
            // Encoded or not, of the token there is less than a line left.
            assertThat(visible.length()).isLessThan(printed.length() / 3 + 10);
        }
    }

    @Test
    void holdsNoLineBackForALineOfBase64ThatMightFollow() throws IOException {
        for (char c : "ABCabc0123+/=\"}.".toCharArray()) {
            var out = new ByteArrayOutputStream();
            var masking = new MaskingOutputStream(out, () -> Samples.mask(TOKEN));
            masking.write(("ends with " + c + "\n").getBytes(StandardCharsets.UTF_8));
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ends with " + c + "\n");
        }
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void hidesUrlEncodings(String secret) {
        String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        assertHidden(secret, form);
        assertHidden(secret, form.replace("+", "%20"));
        assertHidden(secret, lowerHex(form));
        assertHidden(
                secret, lowerHex(form.replace("+", "%20").replace("*", "%2A").replace("%7E", "~")));
        assertHidden(
                secret,
                form.replace("+", "%20").replace("%2F", "/").replace("*", "%2A").replace("%7E", "~"));
    }

    private static String lowerHex(String encoded) {
        return Pattern.compile("%[0-9A-F]{2}")
                .matcher(encoded)
                .replaceAll(hex -> hex.group().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void hidesJson(String secret) throws IOException {
        String raw = inside(new ObjectMapper().writeValueAsString(secret));
        assertHidden(secret, raw);
        assertHidden(secret, raw.replace("/", "\\/"));
        assertHidden(secret, raw.replace("/", "\\u002f"));
        assertHidden(secret, raw.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"));
        var asciiOnly = new JsonFactoryBuilder().configure(JsonWriteFeature.ESCAPE_NON_ASCII, true);
        String ascii = inside(new ObjectMapper(asciiOnly.build()).writeValueAsString(secret));
        assertHidden(secret, ascii);
        assertHidden(secret, ascii.replace("/", "\\u002F"));
        assertHidden(
                secret,
                ascii.replace("\\u00F6", "\\u00f6")
                        .replace("\\u20AC", "\\u20ac")
                        .replace("\\uD83D\\uDE00", "\\ud83d\\ude00"));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void hidesXml(String secret) throws Exception {
        var xml = new StringWriter();
        // That of the JDK: another on the class path may want a whole document.
        var writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(xml);
        writer.writeCharacters(secret);
        writer.flush();
        assertHidden(secret, xml.toString());
        String attribute = xml.toString().replace("\"", "&quot;");
        assertHidden(secret, attribute);
        for (String apostrophe : List.of("&apos;", "&#39;", "&#039;", "&#x27;")) {
            assertHidden(secret, attribute.replace("'", apostrophe));
        }
        assertHidden(secret, attribute.replace("'", "&#x27;").replace("/", "&#x2F;"));
        assertHidden(
                secret,
                attribute
                        .replace("\u00f6", "&#246;")
                        .replace("\u20ac", "&#8364;")
                        .replace("\uD83D\uDE00", "&#128512;"));
        assertHidden(
                secret,
                attribute
                        .replace("\u00f6", "&#xf6;")
                        .replace("\u20ac", "&#x20ac;")
                        .replace("\uD83D\uDE00", "&#x1f600;"));
        String numbers = secret.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;");
        assertHidden(secret, numbers.replace("\"", "&#x22;").replace("'", "&#x27;"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\0',
            value = {
                "it's-secret it'\\''s-secret",
                "it's-secret 'it'\\''s-secret'",
                "it''s-secret it'\"''\"'s-secret",
                "plain-secret 'plain-secret'",
                "my\\secret\\\\x mysecret\\x",
                "my^secret^^x mysecret^x",
                "cost$secret cost$$secret",
                "a\"b$c`d\\e a\\\"b\\$c\\`d\\\\e",
                "a&b(c)d a\\&b\\(c\\)d",
            })
    void hidesWhatShellsPrint(String secret, String printed) {
        assertHidden(secret, printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/sh"})
    void hidesWhatThisMachinesShellsPrint(String shell) throws Exception {
        assumeTrue(Files.isExecutable(Path.of(shell)), "no such shell here");
        for (String secret :
                List.of(TOKEN, Samples.AWKWARD, "it's\ta 'secret'\u0001 'of' \"mine\"", "multi\nline's\nsecret")) {
            var trace = new ProcessBuilder(shell, "-xc", "T=$SECRET; : \"$SECRET\"; printf '%s' \"$SECRET\"")
                    .redirectErrorStream(true);
            trace.environment().put("SECRET", secret);
            trace.environment().put("LC_ALL", "C.UTF-8");
            Process process = trace.start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            String visible =
                    inOne(Samples.masked(Samples.mask(secret), printed)).replaceAll("\\$'(\\*{4})'", "$1");
            assertThat(visible).isIn("+ T=****\n+ : ****\n+ printf %s ****", "+ T=****\n+ : ****\n+ printf '%s' ****");
        }
    }

    @Test
    void hidesTheSignatureOfAJwtPrintedApartButNotHeaderAndPayload() {
        String[] parts = TOKEN.split("\\.");
        assertThat(visible(TOKEN, parts[2])).isEqualTo("****");
        assertThat(visible(TOKEN, parts[1] + "." + parts[2])).isEqualTo(parts[1] + ".****");
        assertThat(visible(TOKEN, "'" + parts[2] + "'")).isEqualTo("****");
        assertThat(visible(TOKEN, parts[0])).isEqualTo(parts[0]);
        assertThat(visible(TOKEN, parts[0] + "." + parts[1])).isEqualTo(parts[0] + "." + parts[1]);
    }

    @Test
    void leavesAnotherTokenOfTheSameIssuerAlone() {
        String other = Samples.jwt(2);
        assertThat(visible(TOKEN, other)).isEqualTo(other);
    }

    @Test
    void doesNotHideAShortSignatureApart() {
        assertThat(visible("eyJhbGciOiJub25lIn0.eyJpZCI6MX0.abcdefghijklmno", "abcdefghijklmno"))
                .isEqualTo("abcdefghijklmno");
        assertThat(visible("eyJhbGciOiJub25lIn0.eyJpZCI6MX0.abcdefghijklmnop", "abcdefghijklmnop"))
                .isEqualTo("****");
    }

    @Test
    void hidesALongLineOfASecretApartAndTheWholeWithEitherLineEnd() {
        String key = "-----BEGIN\nMIIEvQIBADANBgkqhkiG9w0\n}\n";
        assertThat(visible(key, "2026 MIIEvQIBADANBgkqhkiG9w0\n}\n")).isEqualTo("2026 ****\n}\n");
        assertThat(visible(key, key.replace("\n", "\r\n") + "!")).isEqualTo("****\r\n****\r\n****\r\n!");
        assertThat(visible("only-one-line-with-an-end\n", "only-one-line-with-an-end."))
                .isEqualTo("****.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "   ", "\t\n", "a", "ab", "\u00e9", "&"})
    void hidesNoOrdinaryTextForATinyOrBlankSecret(String secret) {
        String text = "a fab caf\u00e9 &amp; \t\n   a\n  %26 \\u0026 &#38;\n";
        assertThat(visible(secret, text)).isEqualTo(text);
    }

    @Test
    void hasNoFormsForABlankSecret() {
        assertThat(SecretForms.of(" \n\t ")).isEmpty();
    }

    @Test
    void hidesASecretOfThreeCharactersAsCredentialsBindingDoes() {
        assertThat(visible("xyz", "wxyza")).isEqualTo("w****a");
    }

    @Test
    void hasFewFormsForAToken() {
        assertThat(SecretForms.of(TOKEN)).hasSizeLessThan(100);
    }

    private static void assertHidden(String secret, String form) {
        assertThat(inOne(visible(secret, form))).isEqualTo("****");
        assertThat(inOne(visible(secret, "<< " + form + " >>\n"))).isEqualTo("<< **** >>\n");
    }

    private static String visible(String secret, String text) {
        return Samples.masked(MASKS.computeIfAbsent(secret, Samples::mask), text);
    }

    /** Stars on each of several lines as one. */
    private static String inOne(String visible) {
        return visible.replaceAll("\\*{4}([\\r\\n]*\\*{4})+", "****");
    }

    private static String inside(String quoted) {
        return quoted.substring(1, quoted.length() - 1);
    }
}
