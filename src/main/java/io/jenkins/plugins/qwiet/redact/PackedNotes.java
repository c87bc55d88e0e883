package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.ConsoleNote;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/**
 * Takes console notes with a token in them out of a log: links, above all. A note is written compressed and in Base64, which
 * no mask can read, and Jenkins unpacks it for the page ({@link ConsoleNote}). What the note is about stays, without it.
 * Everything else is passed on as it came. Any thread may write, one at a time.
 */
final class PackedNotes extends OutputStream {
    private static final byte[] BEGIN = ConsoleNote.PREAMBLE_STR.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = ConsoleNote.POSTAMBLE_STR.getBytes(StandardCharsets.US_ASCII);
    /** In bytes, as it is written. Nobody looks into what is longer: it is left out while there is something to hide. */
    private static final int LONGEST = 256 * 1024;
    /** In bytes; nearly all notes are smaller. */
    private static final int LARGEST_KEPT = 8 * 1024;
    /** In bytes, unpacked. */
    private static final int LONGEST_CONTENT = 4 * 1024 * 1024;

    private final OutputStream out;
    private final Supplier<Mask> mask;
    private final byte[] single = new byte[1];
    /** What may be a note, from its first byte on. */
    private ByteArrayOutputStream note = new ByteArrayOutputStream();
    /** How many of its last bytes are the beginning of its end. */
    private int ending;
    /** How many of its last bytes are the beginning of another, before which this one was cut off. */
    private int beginning;

    PackedNotes(@NonNull OutputStream out, @NonNull Supplier<Mask> mask) {
        this.out = out;
        this.mask = mask;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        single[0] = (byte) b;
        write(single, 0, 1);
    }

    @Override
    public synchronized void write(@NonNull byte[] bytes, int from, int length) throws IOException {
        if (note.size() == 0 && !mayBegin(bytes, from, length)) {
            out.write(bytes, from, length);
            return;
        }
        var passed = new ByteArrayOutputStream(length);
        for (int i = from; i < from + length; i++) {
            take(bytes[i], passed);
        }
        // What one write brought is passed on by one.
        out.write(passed.toByteArray());
    }

    private static boolean mayBegin(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == BEGIN[0]) {
                return true;
            }
        }
        return false;
    }

    private void take(byte b, ByteArrayOutputStream passed) {
        int at = note.size();
        if (at == 0 && b != BEGIN[0]) {
            passed.write(b);
            return;
        }
        boolean goesOn = at < BEGIN.length
                ? b == BEGIN[at]
                : b != '\n' && (at < LONGEST || !mask.get().isEmpty());
        if (!goesOn) {
            passed.writeBytes(taken());
            // It may be the first byte of a note itself.
            take(b, passed);
            return;
        }
        if (at < LONGEST) {
            note.write(b);
        }
        if (at < BEGIN.length) {
            return;
        }
        ending = then(END, ending, b);
        beginning = then(BEGIN, beginning, b);
        if (ending == END.length) {
            byte[] whole = taken();
            if (whole.length > 0 && !reveals(whole)) {
                passed.writeBytes(whole);
            }
        } else if (beginning == BEGIN.length) {
            // Jenkins looks for a note at each beginning.
            byte[] both = taken();
            passed.write(both, 0, Math.max(0, both.length - BEGIN.length));
            note.writeBytes(BEGIN);
        }
    }

    /** How much of a mark stands at the end, of which a part stood there before this byte. Its first byte is in it once. */
    private static int then(byte[] mark, int before, byte b) {
        return b == mark[before] ? before + 1 : b == mark[0] ? 1 : 0;
    }

    /** What may be a note, from which on there is none; empty if it is too long to look into. */
    private byte[] taken() {
        boolean isTooLong = note.size() == LONGEST && !mask.get().isEmpty();
        byte[] bytes = isTooLong ? new byte[0] : note.toByteArray();
        ending = 0;
        beginning = 0;
        if (note.size() > LARGEST_KEPT) {
            note = new ByteArrayOutputStream();
        } else {
            note.reset();
        }
        return bytes;
    }

    /** As {@link ConsoleNote#readFrom} unpacks it; what it cannot unpack it does not show. */
    private boolean reveals(byte[] whole) {
        Mask now = mask.get();
        if (now.isEmpty()) {
            return false;
        }
        byte[] packed = Arrays.copyOfRange(whole, BEGIN.length, whole.length - END.length);
        try (var in = new DataInputStream(Base64.getDecoder().wrap(new ByteArrayInputStream(packed)))) {
            int signature = -in.readInt();
            if (signature > 0) {
                in.skipNBytes(signature);
                in.readInt();
            }
            try (var content = new GZIPInputStream(in)) {
                String text = new String(content.readNBytes(LONGEST_CONTENT), StandardCharsets.ISO_8859_1);
                return now.reveals(text) || content.read() >= 0;
            }
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        try (out) {
            out.write(taken());
        }
    }
}
