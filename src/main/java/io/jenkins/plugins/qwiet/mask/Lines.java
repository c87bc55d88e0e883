package io.jenkins.plugins.qwiet.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * A text whose lines are joined, as what breaks a secret into lines of some width is undone by that, and where each of its
 * bytes came from. Line ends are the bytes by which its charset writes CR and LF, where it does so with one each; elsewhere, as in
 * UTF-16, its lines stay as they are. For one text after the other; not for several threads.
 */
final class Lines {
    /** In bytes, kept for the next text; a larger one gets an array of its own. */
    static final int LARGEST_KEPT = 64 * 1024;

    private static final int FEW_BREAKS = 16;
    private static final int MOST_BREAKS_KEPT = LARGEST_KEPT / Integer.BYTES;

    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Ends ends = Ends.ASCII;
    private byte[] bytes = new byte[0];
    private int length;
    private int offset;
    /** Before these positions of the joined text there were line ends. */
    private int[] breaks = new int[FEW_BREAKS];
    /** How much further the byte at such a position, and what follows, is in the text. */
    private int[] shifts = new int[FEW_BREAKS];

    private int breakCount;

    /**
     * The bytes that end a line in some charset.
     *
     * @param any whether there are such
     */
    record Ends(boolean any, byte lf, byte cr) {
        static final Ends ASCII = new Ends(true, (byte) '\n', (byte) '\r');

        static Ends in(Charset charset) {
            byte[] lf = Mask.bytes("\n", charset).orElse(new byte[0]);
            byte[] cr = Mask.bytes("\r", charset).orElse(new byte[0]);
            boolean any = lf.length == 1 && cr.length == 1;
            return any ? new Ends(true, lf[0], cr[0]) : new Ends(false, (byte) 0, (byte) 0);
        }

        boolean has(byte b) {
            return any && (b == lf || b == cr);
        }
    }

    /** Takes text[from, to), without its line ends. */
    void join(byte[] text, int from, int to, Ends itsEnds) {
        ends = itsEnds;
        if (bytes.length < to - from) {
            bytes = new byte[Math.max(to - from, Math.min(2 * bytes.length, LARGEST_KEPT))];
        }
        length = 0;
        breakCount = 0;
        offset = from;
        int line = from;
        int at = ends.any ? nextEnd(text, from, to) : to;
        while (at < to) {
            append(text, line, at);
            while (at < to && ends.has(text[at])) {
                at++;
            }
            line = at;
            addBreak(line - length);
            at = nextEnd(text, at, to);
        }
        append(text, line, to);
    }

    /** Gives back what a large text took. Nothing but {@link #isEnd} may be asked until the next one is joined. */
    void forget() {
        if (bytes.length > LARGEST_KEPT) {
            bytes = new byte[0];
        }
        if (breaks.length > MOST_BREAKS_KEPT) {
            breaks = new int[FEW_BREAKS];
            shifts = new int[FEW_BREAKS];
        }
        length = 0;
        breakCount = 0;
    }

    private void append(byte[] text, int from, int to) {
        System.arraycopy(text, from, bytes, length, to - from);
        length += to - from;
    }

    private void addBreak(int shift) {
        if (breakCount == breaks.length) {
            breaks = Arrays.copyOf(breaks, 2 * breakCount);
            shifts = Arrays.copyOf(shifts, 2 * breakCount);
        }
        breaks[breakCount] = length;
        shifts[breakCount] = shift;
        breakCount++;
    }

    boolean isEnd(byte b) {
        return ends.has(b);
    }

    private int nextEnd(byte[] text, int from, int to) {
        long lfs = (ends.lf & 0xFF) * EACH_BYTE;
        long crs = (ends.cr & 0xFF) * EACH_BYTE;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long eight = (long) LONG.get(text, at);
            long found = zeros(eight ^ lfs) | zeros(eight ^ crs);
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (at < to && !ends.has(text[at])) {
            at++;
        }
        return at;
    }

    /** Sets the uppermost bit of the first byte that is zero, perhaps of some behind it; of none if there is no zero. */
    private static long zeros(long eight) {
        return eight - EACH_BYTE & ~eight & 0x80 * EACH_BYTE;
    }

    /** The joined bytes are the first {@link #length} of these. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Where in the text the byte at a position of the joined text stands; its end's is behind the last line end. */
    int origin(int at) {
        int after = firstBreakFrom(at + 1);
        return at + (after == 0 ? offset : shifts[after - 1]);
    }

    /** Where in the text the part of the joined text that ends before a position ends: before line ends that follow. */
    int originOfEnd(int at) {
        return at == 0 ? offset : origin(at - 1) + 1;
    }

    boolean breaksAt(int at) {
        int first = firstBreakFrom(at);
        return first < breakCount && breaks[first] == at;
    }

    /** Whether a line ends behind the first, second … of so many bytes, but for the last. */
    boolean breaksWithin(int at, int count) {
        int first = firstBreakFrom(at + 1);
        return first < breakCount && breaks[first] < at + count;
    }

    /** The last position up to this one before which a line ends; 0 if there is none. */
    int lastBreak(int upTo) {
        int after = firstBreakFrom(upTo + 1);
        return after == 0 ? 0 : breaks[after - 1];
    }

    /** The first position behind this one before which a line ends; the length if there is none. */
    int nextBreak(int after) {
        int next = firstBreakFrom(after + 1);
        return next == breakCount ? length : breaks[next];
    }

    int[] lineEnds() {
        return Arrays.copyOf(breaks, breakCount);
    }

    private int firstBreakFrom(int at) {
        int found = Arrays.binarySearch(breaks, 0, breakCount, at);
        return found < 0 ? -found - 1 : found;
    }
}
