package io.jenkins.plugins.qwiet.mask;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Passes bytes on at once, but {@code ****} in place of each secret.
 *
 * <p>The only bytes held back are those that may be the beginning of a secret: from the first position at which a
 * secret may have begun that the next bytes can still complete. Later bytes decide; {@link #flush()} does not release
 * them, {@link #close()} does. All others have been passed on when a write returns, in their order and untouched. So a
 * prompt is seen before its answer is awaited, but perhaps not its last characters: a digit near its end may be the first
 * of a secret's hexadecimal digits, and what is hidden must not depend on how it was written. No line waits for the next one: a secret that goes on there gets
 * {@code ****} on each of its lines. What one write brought is passed on by one write: where several streams meet in one
 * log, their lines stay whole.
 *
 * <p>Any thread may write, one at a time; a secret that two threads write in turns is not recognized.
 */
public final class MaskingOutputStream extends OutputStream {
    /** In bytes; more is kept only while it is needed. A log may be open for as long as its build runs. */
    private static final int LARGEST_KEPT = Lines.LARGEST_KEPT;

    private final OutputStream out;
    private final Supplier<Mask> mask;
    private final boolean keepsLength;
    private final byte[] single = new byte[1];
    private final Lines lines = new Lines();
    private final HexSearch hex = new HexSearch();

    /** What is held back: held[0, heldLength). */
    private byte[] held = new byte[0];

    private int heldLength;
    /** How many of the bytes held back are passed on already, as stars. */
    private int starred;

    /** What one write passes on, and up to where in it. */
    private ByteArrayOutputStream masked = new ByteArrayOutputStream();

    /** Whether anything is in it: mostly not, and each question to it takes a lock. */
    private boolean isMasked;

    private int seen;

    /**
     * @param out gets what may be seen; closed with this stream
     * @param mask asked at each write, so a secret added in mid-stream is hidden from then on, even if it has begun; must be
     *     fast, and never return null
     */
    public MaskingOutputStream(@NonNull OutputStream out, @NonNull Supplier<Mask> mask) {
        this(out, mask, false);
    }

    /**
     * @param keepsLength whether each byte of a secret becomes a star, so that all others stay where they are; for charsets
     *     in which a star is one byte
     */
    MaskingOutputStream(OutputStream out, Supplier<Mask> mask, boolean keepsLength) {
        this.out = out;
        this.mask = mask;
        this.keepsLength = keepsLength;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        single[0] = (byte) b;
        write(single, 0, 1);
    }

    @Override
    public synchronized void write(@NonNull byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (heldLength == 0) {
            pass(mask.get(), bytes, offset, offset + length, false);
        } else if (length > 0) {
            append(bytes, offset, length);
            pass(mask.get(), held, 0, heldLength, false);
        }
    }

    /** Flushes what is passed on. What may be the beginning of a secret stays held back. */
    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** Releases what is held back, as no more bytes can make a secret of it, and closes the stream below. */
    @Override
    public synchronized void close() throws IOException {
        try (out) {
            pass(mask.get(), held, 0, heldLength, true);
        }
    }

    /** Passes on the bytes [from, to), which begin with those held back, and holds back the end if it may go on. */
    private void pass(Mask now, byte[] bytes, int from, int to, boolean last) throws IOException {
        PatternIndex index = now.index();
        int begun = to;
        seen = from + starred;
        if (!index.isEmpty()) {
            lines.join(bytes, from, to, now.lineEnds());
            hex.search(lines, now.hex(), !last);
            int end = hex.begun();
            int hexSeen = 0;
            for (int at = index.next(lines, 0); at < end; at = index.next(lines, at + 1)) {
                hexSeen = starHex(bytes, hexSeen, at + 1, now.stars());
                star(bytes, at, at + index.longestAt(lines, at), now.stars());
                if (!last && index.mayGoOn(lines, at)) {
                    end = at;
                }
            }
            starHex(bytes, hexSeen, end, now.stars());
            begun = end < lines.length() ? lines.origin(end) : to;
        }
        try {
            if (seen > begun) {
                // What ends a line that is hidden can be seen, whatever the next one brings.
                int line = seen;
                while (seen < to && lines.isEnd(bytes[seen])) {
                    seen++;
                }
                isMasked = true;
                masked.write(bytes, line, seen - line);
                masked.writeTo(out);
            } else if (isMasked) {
                masked.write(bytes, seen, begun - seen);
                masked.writeTo(out);
            } else if (begun > seen) {
                out.write(bytes, seen, begun - seen);
            }
        } finally {
            // Also when the stream below fails: what follows may complete a secret, and must find its beginning.
            holdBack(bytes, begun, to);
            forget();
        }
    }

    private void forget() {
        lines.forget();
        hex.forget();
        if (!isMasked) {
            return;
        }
        isMasked = false;
        if (masked.size() > LARGEST_KEPT) {
            masked = new ByteArrayOutputStream();
        } else {
            masked.reset();
        }
    }

    /** Of lines' ends that are passed on, one says as much as many. */
    private void holdBack(byte[] bytes, int from, int to) {
        if (held.length < to - from) {
            held = new byte[Math.max(2 * held.length, to - from)];
        }
        heldLength = 0;
        starred = 0;
        // Perhaps within the same array, where no byte is written before it was read.
        for (int at = from; at < to; at++) {
            boolean passedOn = at < seen;
            if (passedOn && heldLength > 0 && lines.isEnd(bytes[at]) && lines.isEnd(held[heldLength - 1])) {
                continue;
            }
            held[heldLength++] = bytes[at];
            starred += passedOn ? 1 : 0;
        }
        if (held.length > LARGEST_KEPT && heldLength <= LARGEST_KEPT) {
            held = Arrays.copyOf(held, heldLength);
        }
    }

    /** Puts stars in place of the digits found that begin before a position; how many were dealt with is given and returned. */
    private int starHex(byte[] bytes, int dealtWith, int below, byte[] stars) {
        int next = dealtWith;
        for (; next < hex.count() && hex.from(next) < below; next++) {
            star(bytes, hex.from(next), hex.to(next), stars);
        }
        return next;
    }

    /** Puts stars in place of a part of the joined lines, on each of them, and before that what was not shown yet. */
    private void star(byte[] bytes, int from, int to, byte[] stars) {
        for (int at = from; at < to; at = Math.min(to, lines.nextBreak(at))) {
            int start = lines.origin(at);
            int end = lines.originOfEnd(Math.min(to, lines.nextBreak(at)));
            if (start >= seen) {
                isMasked = true;
                masked.write(bytes, seen, start - seen);
                if (!keepsLength) {
                    masked.writeBytes(stars);
                }
            }
            for (int hidden = Math.max(start, seen); keepsLength && hidden < end; hidden++) {
                isMasked = true;
                masked.write(stars, 0, 1);
            }
            seen = Math.max(seen, end);
        }
    }

    /** In bytes. */
    synchronized int heldBack() {
        return heldLength;
    }

    private void append(byte[] bytes, int from, int length) {
        if (held.length < heldLength + length) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, heldLength + length));
        }
        System.arraycopy(bytes, from, held, heldLength, length);
        heldLength += length;
    }

    @Override
    public String toString() {
        return "MaskingOutputStream[" + out + "]";
    }
}
