package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is secret of a token is hidden in pieces of 16 characters and more, whatever a tool writes between them: header and payload,
 * which are no secret, may stay.
 */
class LayoutsTest {
    /** Its signature has hyphens and underscores, as that of most tokens. */
    private static final String TOKEN = token();

    private static final Mask MASK = Samples.mask(TOKEN);
    private static final String SIGNATURE = TOKEN.substring(TOKEN.lastIndexOf('.') + 1);
    private static final UnaryOperator<String> JOINED = text -> text.replaceAll("[\r\n]", "");

    private static String token() {
        int seed = 1;
        while (!Samples.jwt(seed).matches(".*\\.[^.]{3,}-[^.]*_[^.]{3,}")) {
            seed++;
        }
        return Samples.jwt(seed);
    }

    /**
     * A person who undoes what the tool did must not find the whole signature, as it is encoded. Header and payload are no
     * secret by docs/security.md, and stand before it in all of these.
     */
    private static String shown(String printed, UnaryOperator<String> undo, String signature) {
        assertThat(undo.apply(printed)).as("the test itself").contains(signature);
        String visible = Samples.masked(MASK, printed);
        return undo.apply(visible).contains(signature) ? visible : "";
    }

    private static void assertHidden(String printed, UnaryOperator<String> undo, String signature) {
        String visible = shown(printed, undo, signature);
        assertThat(visible).as("is shown, of %s", printed).isEmpty();
    }

    private static String inLines(String text, int width, String end) {
        return text.replaceAll("(.{" + width + "})(?!$)", "$1" + java.util.regex.Matcher.quoteReplacement(end));
    }

    /** The characters in the midst of Base64 that only the signature has a part in. */
    private static String inBase64(String before, String after, java.nio.charset.Charset charset) {
        String all = Base64.getEncoder().encodeToString((before + TOKEN + after).getBytes(charset));
        int from = (before + TOKEN).getBytes(charset).length - SIGNATURE.getBytes(charset).length;
        int to = (before + TOKEN).getBytes(charset).length;
        return all.substring((8 * from + 5) / 6, 8 * to / 6);
    }

    private static String base64(String before, java.nio.charset.Charset charset) {
        return Base64.getEncoder().encodeToString((before + TOKEN).getBytes(charset));
    }

    @Test
    void hidesTheSignatureInLinesOfAtLeast16Characters() {
        for (int width = 16; width <= 40; width++) {
            for (int before = 0; before < width; before++) {
                String start = "-".repeat(before);
                assertHidden(inLines(start + TOKEN, width, "\n"), JOINED, SIGNATURE);
                assertHidden(inLines(base64(start, UTF_8), width, "\n"), JOINED, inBase64(start, "", UTF_8));
            }
        }
    }

    @Test
    void hidesTheSignatureAloneWhereverALineEndsInIt() {
        for (int before = 0; before < 80; before++) {
            assertHidden(inLines("-".repeat(before) + SIGNATURE + "-".repeat(90), 80, "\n"), JOINED, SIGNATURE);
        }
    }

    /**
     * docs/security.md: Base64 "in lines of any width, with LF or CRLF", and "JSON …, shell … quoting" of it. Python's encodebytes, Ruby's encode64, {@code
     * base64 | jq -Rs .}, {@code cat .git/config}, {@code printf %q}, {@code docker inspect}.
     */
    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\r\\n", "%0A", "%0D%0A", "&#10;", "&#xA;", "\\012", "\\u000a"})
    void hidesBase64InLinesWhoseEndsAreEscaped(String end) {
        for (int width : new int[] {60, 64, 76}) {
            String printed = "\"" + inLines(base64("user:", UTF_8), width, end) + end + "\"\n";
            assertHidden(printed, text -> text.replace(end, "").replace("\r", ""), inBase64("user:", "", UTF_8));
        }
    }

    /**
     * docs/security.md: "Base64 … in lines of any width", "a token that is folded". LDIF, a jar's manifest, obs-fold, YAML's {@code !!binary |}, PowerShell's
     * {@code Format-List}, Python's textwrap and rich, {@code sed 's/^/  /'}, {@code git log}.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n ",
                "\r\n ",
                "\n  ",
                "\n    ",
                "\n\t",
                "\n                         ",
                " \n",
                "$\n",
                "\\\n",
                "=\n",
                "=\r\n"
            })
    void hidesLinesThatAreIndentedOrContinued(String end) {
        var shown = new ArrayList<String>();
        for (int width : new int[] {55, 64, 72, 76, 80}) {
            for (int before = 0; before < width; before++) {
                String start = "-".repeat(before);
                UnaryOperator<String> undo = text -> text.replace(end, "").replace("\r", "");
                if (!shown(inLines(start + TOKEN, width, end), undo, SIGNATURE).isEmpty()) {
                    shown.add("folded at " + width + ", " + before + " before");
                }
                String signature = inBase64(start, "", UTF_8);
                if (!shown(inLines(base64(start, UTF_8), width, end), undo, signature)
                        .isEmpty()) {
                    shown.add("Base64 at " + width + ", " + before + " before");
                }
            }
        }
        assertThat(shown).isEmpty();
    }

    /** The same by real tools. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "base64 | jq -Rs .",
                "python3 -c 'import sys, base64; print(base64.encodebytes(sys.stdin.buffer.read()))'",
                "python3 -c 'import sys, base64, json; print(json.dumps(base64.encodebytes(sys.stdin.buffer.read()).decode()))'",
                "python3 -c 'import sys, base64, urllib.parse as u; print(u.urlencode({\"t\": base64.encodebytes(sys.stdin.buffer.read())}))'",
                "X=$(base64); printf '%q\\n' \"$X\"",
                "X=$(base64); d=$(mktemp -d); git init -q $d; git -C $d config http.extraheader \"AUTHORIZATION: basic $X\"; cat $d/.git/config; rm -r $d",
                "X=$(base64); X=\"$X\" node -e 'console.log({auth: process.env.X})'",
                "kubectl create configmap c --from-literal=a=\"$(base64)\" --dry-run=client -o json",
            })
    void hidesBase64InLinesThatToolsEscape(String tool) throws Exception {
        String printed = run(tool, "user:" + TOKEN);
        assertHidden(printed, text -> text.replaceAll("' \\+\n *'|\\\\n|%0A|\n", ""), inBase64("user:", "", UTF_8));
    }

    /**
     * Tools that put something before each line, as Timestamper does: docker build, docker compose, Maven, kubectl logs --prefix, PowerShell 7's
     * errors, {@code sed 's/^/> /'}. docs/masking.md names addresses only.
     */
    @ParameterizedTest
    @ValueSource(strings = {"#7 0.314 ", "web-1  | ", "[INFO] ", "     | ", "> ", "12:00:00 ", "// ", "+"})
    void hidesWrappedBase64BehindAPrefixOnEachLine(String prefix) {
        var shown = new ArrayList<String>();
        for (int before = 0; before < 76; before++) {
            String start = "-".repeat(before);
            String lines = prefix + inLines(base64(start, UTF_8), 76, "\n" + prefix) + "\n";
            String signature = inBase64(start, "", UTF_8);
            if (!shown(lines, text -> text.replace(prefix, "").replace("\n", ""), signature)
                    .isEmpty()) {
                shown.add(before + " before");
            }
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void hidesInTheManifestOfAJar() throws Exception {
        for (int before = 0; before < 72; before++) {
            var manifest = new Manifest();
            manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
            manifest.getMainAttributes().putValue("Built-With" + "-".repeat(before % 40), "-".repeat(before) + TOKEN);
            var written = new ByteArrayOutputStream();
            manifest.write(written);
            assertHidden(written.toString(UTF_8), text -> text.replaceAll("\r?\n ", ""), SIGNATURE);
        }
    }

    /** A real tool for each, which is started once: it gets a text a line, and prints a zero behind what it makes of each. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "python3 -c 'import sys, quopri; [sys.stdout.buffer.write(quopri.encodestring(t.strip()) + b\"\\0\") for t in sys.stdin.buffer]'",
                "python3 -c 'import sys, pprint; [print(pprint.pformat({\"token\": t.strip()}), end=\"\\0\") for t in sys.stdin.buffer]'",
                "python3 -c 'import sys, textwrap; [print(\"\\n\".join(textwrap.wrap(t, 70, subsequent_indent=\"    \")), end=\"\\0\") for t in sys.stdin]'",
                "grep --color=always -e - | tr '\\n' '\\0'",
            })
    void hidesWhatToolsFoldAndColour(String tool) throws Exception {
        String texts = IntStream.range(0, 80)
                .mapToObj(before -> "x".repeat(before) + TOKEN + "\n")
                .collect(joining());
        String[] printed = run(tool, texts).split("\0");
        assertThat(printed).hasSize(80);
        for (String each : printed) {
            assertHidden(each, text -> text.replaceAll("'\r?\n *b'|=?\r?\n *|\u001B\\[[\\d;]*[mK]", ""), SIGNATURE);
        }
    }

    /** Encoders that leave letters and digits only, and others that escape a hyphen or an underscore. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "%2D, %5F",
                "%2d, %5f",
                "%2D, _",
                "\\-, _",
                "\\-, \\_",
                "-, \\_",
                "\\u002D, _",
                "\\u002d, \\u005f",
                "-, \\u005F",
                "\\x2D, _",
                "\\x2d, \\x5f",
                "&#45;, _",
                "&#45;, &#95;",
                "-, &#95;",
                "&#x2d;, _",
                "&#x2D;, &#x5F;",
                "-, =5F",
                "=2D, =5F",
                "\\055, \\137"
            })
    void hidesASignatureThatIsEscapedThoughItNeedNotBe(String hyphen, String underscore) {
        // No piece of 16 characters without one: one of some fifty tokens has such a signature.
        for (String signature : List.of(
                "abcdefgh-ijklmnopq_rstuvwx-yzABCDEF_GHIJKLM",
                "-abcdefgh-ijklmnopq_rstuvwx_yzABCDEF-GHIJKL_",
                SIGNATURE)) {
            String token = TOKEN.substring(0, TOKEN.lastIndexOf('.') + 1) + signature;
            String escaped = token.replace("-", hyphen).replace("_", underscore);
            for (String printed : List.of(escaped + "\n", "token=" + escaped.replace(".", "%2E") + "&user=me\n")) {
                String end = signature.replace("-", hyphen).replace("_", underscore);
                assertThat(Samples.masked(Samples.mask(token), printed))
                        .as(printed)
                        .contains("****")
                        .doesNotContain(end)
                        .doesNotContain(end.substring(8))
                        .doesNotContain(end.substring(0, end.length() - 8));
            }
        }
    }

    /** {@code ~/.docker/config.json} holds Base64 of {@code user:token}; a Kubernetes secret of it, Base64 of that file. */
    @Test
    void hidesAKubernetesSecretOfADockerLogin() {
        String auth = base64("ci:", UTF_8);
        String secret = Base64.getEncoder()
                .encodeToString(("{\"auths\":{\"x.io\":{\"auth\":\"" + auth + "\"}}}").getBytes(UTF_8));
        String visible = Samples.masked(MASK, "  .dockerconfigjson: " + secret + "\n");
        assertThat(visible).doesNotContain(secret).contains("****");
    }

    private static String run(String tool, String in) throws Exception {
        Process process = new ProcessBuilder("/bin/bash", "-c", tool)
                .redirectErrorStream(true)
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(in.getBytes(UTF_8));
        }
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assumeTrue(process.waitFor() == 0, "no such tool here");
        return printed;
    }
}
