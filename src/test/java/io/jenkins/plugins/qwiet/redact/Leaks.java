package io.jenkins.plugins.qwiet.redact;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Run;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.harness.OnJenkins;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * What of a token can be read in a log by somebody who knows how it was printed, whatever stands between the lines. Looks for
 * pieces of what usual encoders make of it; its own encoders are Java's.
 */
final class Leaks {
    private static final int PIECE = 24;
    private static final Pattern ORGANIZATION = Pattern.compile("\"orgID\":\"([^\"]+)\"");

    private final Set<String> pieces = new HashSet<>();

    Leaks(String token) {
        addAll(token);
        removeWhatIsShownBesideIt(token);
    }

    private Leaks() {}

    /** Of the signature alone: header and payload give no access. */
    static Leaks ofSignature(String token) {
        var leaks = new Leaks();
        leaks.addAll(token.substring(token.lastIndexOf('.') + 1));
        return leaks;
    }

    private void addAll(String text) {
        add(text);
        add(new StringBuilder(text).reverse().toString());
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE)) {
            byte[] bytes = text.getBytes(charset);
            for (int cut = 0; cut < 3; cut++) {
                String encoded = Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(Arrays.copyOfRange(bytes, cut, bytes.length));
                add(encoded);
                addDigits(encoded);
            }
        }
        addDigits(text);
    }

    private void addDigits(String text) {
        add(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The organization's id is no secret: it stands in a variable beside the token, and in Base64 in the token's payload. So
     * {@code env | base64} prints up to 48 characters of the payload if both begin at the same place in the grid of three.
     */
    private void removeWhatIsShownBesideIt(String token) {
        var payload = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        var organization = ORGANIZATION.matcher(payload);
        if (organization.find()) {
            String variable = "_SHIFTLEFT_ORG_ID=" + organization.group(1) + "\n";
            for (int cut = 0; cut < 3; cut++) {
                String shown = Base64.getEncoder()
                        .encodeToString(variable.substring(cut).getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i + PIECE <= shown.length(); i++) {
                    pieces.remove(shown.substring(i, i + PIECE));
                }
            }
        }
    }

    private void add(String text) {
        // The last characters of Base64 depend on what follows.
        for (int i = 0; i + PIECE < text.length(); i++) {
            pieces.add(text.substring(i, i + PIECE));
        }
    }

    /** That a build which printed a live token as {@code got <…>} shows it nowhere. */
    static void assertHidden(Run<?, ?> run, String value, FakeQwiet qwiet) throws IOException {
        assertThat(qwiet.organization().isLive(value)).as("live").isTrue();
        String log = JenkinsRule.getLog(run);
        assertThat(log).contains("got <****>");
        assertThat(new Leaks(value).in(log)).as("token in the log").isFalse();
        OnJenkins.assertNotOnDisk(run, value);
    }

    boolean in(String log) {
        String text = log.replaceAll("\\[\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z] ", "")
                .replaceAll("\u001B\\[8m.*?\u001B\\[0m", "")
                .replaceAll("\u001B\\[[\\d;]*m", "");
        return hasPiece(text.replaceAll("[\\r\\n\\x00]", ""))
                || hasPiece(text.replaceAll("(?m)^[0-9a-f]{8}: ", "")
                        .replaceAll("  .*", "")
                        .replaceAll("[\\s:-]", ""))
                // As curl has it: each line by itself, for what follows its digits may be digits too.
                || text.lines()
                        .map(line -> line.replaceAll("^[0-9a-f]{4,8}: ", "").replace(" ", ""))
                        .anyMatch(this::hasPiece);
    }

    private boolean hasPiece(String text) {
        for (int i = 0; i + PIECE <= text.length(); i++) {
            if (pieces.contains(text.substring(i, i + PIECE))) {
                return true;
            }
        }
        return false;
    }
}
