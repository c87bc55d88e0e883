package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The bytes by which a charset writes a text in mid-stream. */
final class FormBytes {
    /** A text that a charset can write in part only must keep this many characters, or its "???" would hide others. */
    private static final int SHORTEST_IN_PART = 8;

    private FormBytes() {}

    /**
     * Without byte order mark (so UTF-16 and UTF-32 are big-endian, as Java writes them). Characters that the charset
     * lacks become its replacement, as they do when a log is written in it; empty if hardly anything else is left.
     */
    static Optional<byte[]> of(String text, Charset charset) {
        if (!charset.canEncode()) {
            // Decoders only, such as ISO-2022-CN; nothing can have been written in it.
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }
        CharsetEncoder encoder = charset.newEncoder();
        if (!encoder.canEncode(text)) {
            long kept = text.codePoints()
                    .filter(c -> encoder.canEncode(Character.toString(c)))
                    .count();
            if (kept < SHORTEST_IN_PART) {
                return Optional.empty();
            }
        }
        byte[] alone = " ".getBytes(charset);
        byte[] bytes = (" " + text).getBytes(charset);
        return Optional.of(Arrays.copyOfRange(bytes, alone.length, bytes.length));
    }
}
