package io.jenkins.plugins.qwiet.redact;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What of a token can be read in a log by somebody who knows how it was printed, whatever stands between the lines. Looks for
 * pieces of what usual encoders make of it; its own encoders are Java's.
 */
final class Leaks {
    /** Fewer characters may be elsewhere too: the organization's id is in the token, and encoded in the environment. */
    private static final int PIECE = 56;

    private final Set<String> pieces = new HashSet<>();

    Leaks(String token) {
        add(token);
        add(new StringBuilder(token).reverse().toString());
        for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE)) {
            byte[] bytes = token.getBytes(charset);
            for (int cut = 0; cut < 3; cut++) {
                add(Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, cut, bytes.length)));
            }
        }
        add(HexFormat.of().formatHex(token.getBytes(StandardCharsets.UTF_8)));
    }

    private void add(String text) {
        // The last characters of Base64 depend on what follows.
        for (int i = 0; i + PIECE < text.length(); i++) {
            pieces.add(text.substring(i, i + PIECE));
        }
    }

    boolean in(String log) {
        String text = log.replaceAll("\\[\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z] ", "")
                .replaceAll("\u001B\\[8m.*?\u001B\\[0m", "")
                .replaceAll("\u001B\\[[\\d;]*m", "");
        return hasPiece(text.replaceAll("[\\r\\n\\x00]", ""))
                || hasPiece(text.replaceAll("(?m)^[0-9a-f]{8}: ", "")
                        .replaceAll("  .*", "")
                        .replaceAll("[\\s:-]", ""));
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
