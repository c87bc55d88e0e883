package io.jenkins.plugins.qwiet.mask;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everyday tools that print a dump of what holds the token in Base64, such as a basic {@code Authorization} header. */
class DumpedBase64Test {
    private static final String TOKEN = Samples.jwt(3);
    private static final String SIGNATURE = TOKEN.substring(TOKEN.lastIndexOf('.') + 1);
    private static final Mask MASK = Samples.mask(TOKEN);
    private static final String BASIC = Base64.getEncoder().encodeToString(("user:" + TOKEN).getBytes(UTF_8));

    /** As {@code curl --trace -} and {@code xxd -g1} print it. */
    private static String dump(byte[] bytes) {
        var lines = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 16) {
            byte[] line = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 16));
            lines.append(String.format(
                    "%04x: %-47s %s%n",
                    at,
                    HexFormat.ofDelimiter(" ").formatHex(line),
                    new String(line, ISO_8859_1).replaceAll("[^ -~]", ".")));
        }
        return lines.toString();
    }

    /** What somebody reads who turns the digits back into bytes, as {@code xxd -r} does. */
    private static String undumped(String lines) {
        var bytes = new ByteArrayOutputStream();
        var line = Pattern.compile("(?m)^[0-9a-f]{4,8}: +((?:[0-9a-f]{2} ){0,15}[0-9a-f]{2})");
        line.matcher(lines)
                .results()
                .forEach(match -> bytes.writeBytes(HexFormat.ofDelimiter(" ").parseHex(match.group(1))));
        return bytes.toString(ISO_8859_1);
    }

    @Test
    void hidesADumpOfTheToken() {
        String printed = dump(("GET / HTTP/1.1\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n").getBytes(UTF_8));
        assertThat(undumped(printed)).as("the test itself").contains(TOKEN);
        assertThat(undumped(Samples.masked(MASK, printed))).doesNotContain(SIGNATURE);
    }

    /** {@code curl --trace - -u user:$TOKEN}. */
    @Test
    void hidesADumpOfABasicAuthorization() {
        String printed = dump(("GET / HTTP/1.1\r\nAuthorization: Basic " + BASIC + "\r\n\r\n").getBytes(UTF_8));
        assertThat(undumped(printed)).as("the test itself").contains(BASIC);
        String visible = undumped(Samples.masked(MASK, printed));
        assertThat(new String(Base64.getDecoder().decode(visible.replaceAll("(?s).*Basic (\\S*).*", "$1")), UTF_8))
                .as("what the log of a build says of %s", TOKEN)
                .doesNotContain(SIGNATURE);
    }

    /** {@code xxd -p ~/.docker/config.json}, {@code od -An -tx1}, {@code hexdump -C}, after a docker login. */
    @ParameterizedTest
    @ValueSource(strings = {"xxd -p", "od -An -v -tx1", "hexdump -ve '1/1 \"%02x\"'"})
    void hidesADumpOfADockerLogin(String tool) throws Exception {
        Process process = new ProcessBuilder("/bin/bash", "-c", tool).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(("{\"auths\":{\"registry.example\":{\"auth\":\"" + BASIC + "\"}}}").getBytes(UTF_8));
        }
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assumeTrue(process.waitFor() == 0, "no such tool here");
        String digits = Samples.masked(MASK, printed).replaceAll("[^0-9a-f*]", "");
        String core = BASIC.substring(BASIC.length() - 52, BASIC.length() - 4);
        assertThat(printed.replaceAll("\\s", "")).contains(HexFormat.of().formatHex(core.getBytes(UTF_8)));
        assertThat(digits).doesNotContain(HexFormat.of().formatHex(core.getBytes(UTF_8)));
    }
}
