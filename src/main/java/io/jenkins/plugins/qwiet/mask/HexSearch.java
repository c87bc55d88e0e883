package io.jenkins.plugins.qwiet.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Finds hexadecimal digits of a secret in a text, whatever stands between them on a line: blanks, commas, {@code 0x}, {@code
 * \x}, {@code %}, lines of a table. Only letters from G to T, more than {@value #WIDEST_GAP} bytes without a digit, and a
 * line's end part digits. For one text after the other; not for several threads.
 *
 * <p>Ordinary text has one of these letters among any eight bytes, nearly always, or no digit. So eight in {@value #STRIDE} are
 * looked at. If they may be digits of a secret, so are the eight on either side, as times and numbers end there: only where
 * digits go on, or are enough, are they read one by one.
 */
final class HexSearch {
    private static final int WIDEST_GAP = Long.BYTES - 1;
    private static final int STRIDE = HexWindows.DIGITS - Long.BYTES + 1;
    /** No part of a text that has less than a secret's digits is longer. */
    private static final int LONGEST = HexWindows.DIGITS * (WIDEST_GAP + 1);

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101010101010101L;
    private static final long LOW_BITS = 0x7F * EACH_BYTE;
    private static final long HIGH_BITS = 0x80 * EACH_BYTE;
    private static final long EACH_SECOND = 0x00FF00FF00FF00FFL;

    private static final int FEW = 16;
    private static final int MOST_KEPT = Lines.LARGEST_KEPT / Integer.BYTES;

    private static final byte BETWEEN = -1;
    private static final byte PARTS = -2;
    /** The value of a digit, or one of the above. */
    private static final byte[] KINDS = kinds();

    /** The last digits, and where in the joined text each stood: the one numbered <i>n</i> at the place <i>n</i> modulo 16. */
    private long digits;

    private final int[] places = new int[HexWindows.DIGITS];
    private int number;
    /** How many of the last digits belong together. */
    private int together;

    /** What was found: where one begins and ends, by turns. */
    private int[] found = new int[FEW];

    private int foundLength;
    private int begun;
    /** Is told the digits of each, also of those that overlap. */
    LongConsumer each = found -> {};

    private static byte[] kinds() {
        var kinds = new byte[256];
        for (int b = 0; b < kinds.length; b++) {
            int letter = b | 0x20;
            kinds[b] = (byte) (b >= 0x80 ? BETWEEN : Character.digit(b, 16));
            if (b == '\n' || b == '\r' || b < 0x80 && letter >= 'g' && letter <= 't') {
                kinds[b] = PARTS;
            }
        }
        return kinds;
    }

    /**
     * Looks for them in a text of joined lines.
     *
     * @param goesOn whether more may follow on the last line
     */
    void search(Lines lines, HexWindows windows, boolean goesOn) {
        foundLength = 0;
        number = 0;
        begun = lines.length();
        if (windows.isEmpty()) {
            return;
        }
        byte[] text = lines.bytes();
        int end = lines.length();
        int floor = 0;
        for (int probe = STRIDE - 1; probe + Long.BYTES <= end; probe += STRIDE) {
            long eight = (long) LONG.get(text, probe);
            if (parts(eight) != 0) {
                continue;
            }
            long itsDigits = digits(eight);
            if (itsDigits == HIGH_BITS
                    && !windows.mayHaveEight(valueOf(eight))
                    && !isX(text, probe + Long.BYTES, end)) {
                // What these are in the middle of is no secret's, so the first of them is in nothing that is.
                floor = probe + 1;
            } else if (mayBeOfEnough(text, probe, itsDigits, floor, end)) {
                // The byte that it ends at is none of the next.
                probe = Math.max(probe, read(lines, firstDigit(text, probe, floor), end, windows));
            }
        }
        int line = lines.lastBreak(end);
        if (goesOn && line < end) {
            lookAtTheEnd(lines, line, end, windows);
        }
    }

    /** Whether digits among eight bytes that nothing parts, or beyond what is near, may be as many as a secret's. */
    private static boolean mayBeOfEnough(byte[] text, int probe, long itsDigits, int floor, int end) {
        if (itsDigits == 0) {
            return false;
        }
        int behind = probe + Long.BYTES;
        if (behind + Long.BYTES > end) {
            return true;
        }
        long eightBefore = (long) LONG.get(text, probe - Long.BYTES);
        long eightBehind = (long) LONG.get(text, behind);
        long partsBefore = parts(eightBefore);
        long partsBehind = parts(eightBehind);
        long digitsBefore = digits(eightBefore);
        long digitsBehind = digits(eightBehind);
        // Eight bytes without a digit part others as well as a letter does.
        if (partsBefore == 0 && digitsBefore != 0 && floor < probe - Long.BYTES
                || partsBehind == 0 && digitsBehind != 0) {
            return true;
        }
        long nearBefore =
                partsBefore == 0 ? digitsBefore : digitsBefore & ~(-1L >>> Long.numberOfLeadingZeros(partsBefore));
        long nearBehind = digitsBehind & Long.lowestOneBit(partsBehind) - 1;
        return Long.bitCount(nearBefore) + Long.bitCount(itsDigits) + Long.bitCount(nearBehind) >= HexWindows.DIGITS;
    }

    /** The uppermost bit of each byte that is a letter from G to T; the first byte is the lowest. */
    private static long parts(long eight) {
        return between(eight | 0x20 * EACH_BYTE, 'g', 't');
    }

    /** The uppermost bit of each byte that is a digit. */
    private static long digits(long eight) {
        return between(eight, '0', '9') | between(eight | 0x20 * EACH_BYTE, 'a', 'f');
    }

    /** Of eight digits: two in each other byte, the first ones in the lowest. */
    private static long valueOf(long eightDigits) {
        long values = (eightDigits & 0x0F * EACH_BYTE) + 9 * (eightDigits >>> 6 & EACH_BYTE);
        return (values << 4 | values >>> Byte.SIZE) & EACH_SECOND;
    }

    /** The same of the last eight digits of a number. */
    static long spread(long digits) {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value = value << 2 * Byte.SIZE | digits >>> shift & 0xFF;
        }
        return value;
    }

    private static boolean isX(byte[] text, int at, int end) {
        return at < end && (text[at] | 0x20) == 'x';
    }

    private static long between(long eight, int first, int last) {
        long low = eight & LOW_BITS;
        long fromFirst = low + (0x80 - first) * EACH_BYTE;
        long behindLast = low + (0x7F - last) * EACH_BYTE;
        return fromFirst & ~behindLast & ~eight & HIGH_BITS;
    }

    /** The first of the digits before a position that belong together, or the position. */
    private static int firstDigit(byte[] text, int before, int floor) {
        int first = before;
        for (int at = before - 1; at >= floor && first - at <= WIDEST_GAP + 1; at--) {
            byte kind = kind(text, at);
            if (kind == PARTS) {
                break;
            }
            if (kind >= 0) {
                first = at;
            }
        }
        return first;
    }

    private static byte kind(byte[] text, int at) {
        return KINDS[text[at] & 0xFF];
    }

    /** Reads all digits up to what parts them from others, or to the text's end. Returns where that is. */
    private int read(Lines lines, int from, int end, HexWindows windows) {
        byte[] text = lines.bytes();
        // Fields would be written for each digit.
        long last = digits;
        int count = number;
        int together = 0;
        int line = lines.nextBreak(from);
        int lastDigit = from;
        // Without the zero of 0x, which is no digit.
        int previous = from;
        int at = from;
        for (; at < end; at++) {
            if (at == line) {
                together = 0;
                line = lines.nextBreak(at);
            }
            byte kind = kind(text, at);
            if (kind >= 0) {
                if (at - previous > WIDEST_GAP + 1) {
                    together = 0;
                }
                previous = at;
                last = last << 4 | kind;
                places[count++ % HexWindows.DIGITS] = at;
                lastDigit = at;
                together++;
                if (together >= HexWindows.DIGITS && windows.has(last)) {
                    addFound(places[count % HexWindows.DIGITS], at + 1);
                    each.accept(last);
                }
            } else if (kind == PARTS || at - lastDigit > WIDEST_GAP) {
                break;
            } else if (together > 0) {
                if ((text[at] | 0x20) == 'x' && text[at - 1] == '0') {
                    // It was the zero of 0x. The first of sixteen is forgotten, but it is not of the next sixteen.
                    last >>>= 4;
                    count--;
                    together = Math.min(together, HexWindows.DIGITS) - 1;
                    previous = together > 0 ? places[(count - 1) % HexWindows.DIGITS] : at;
                }
            }
        }
        digits = last;
        number = count;
        this.together = Math.min(together, HexWindows.DIGITS);
        return at;
    }

    /** The last digit was the zero of {@code 0x}. */
    private void dropDigit() {
        digits >>>= 4;
        number--;
        together--;
    }

    private void addFound(int from, int to) {
        if (foundLength > 0 && from < found[foundLength - 1]) {
            found[foundLength - 1] = Math.max(found[foundLength - 1], to);
            return;
        }
        if (foundLength == found.length) {
            found = Arrays.copyOf(found, 2 * foundLength);
        }
        found[foundLength++] = from;
        found[foundLength++] = to;
    }

    private void lookAtTheEnd(Lines lines, int line, int end, HexWindows windows) {
        int from = firstDigit(lines.bytes(), end, Math.max(line, end - LONGEST));
        // What is whole there was found before.
        read(lines, from, end, HexWindows.NONE);
        // An x may follow, of which the zero is a part. No secret begins with this digit.
        if (together > 0 && lines.bytes()[end - 1] == '0') {
            dropDigit();
        }
        for (int count = Math.min(together, HexWindows.DIGITS - 1); count > 0; count--) {
            if (windows.hasBegunWith(digits, count)) {
                begun = places[(number - count) % HexWindows.DIGITS];
                return;
            }
        }
    }

    /** Gives back what many digits found took; from here on there are none. */
    void forget() {
        if (found.length > MOST_KEPT) {
            found = new int[FEW];
        }
        foundLength = 0;
    }

    /** How many were found, none of which overlap. */
    int count() {
        return foundLength / 2;
    }

    /** Where in the joined text one begins. */
    int from(int index) {
        return found[2 * index];
    }

    /** Where in the joined text one ends. */
    int to(int index) {
        return found[2 * index + 1];
    }

    /** Where in the joined text one begins that may go on behind it; its length if there is none. */
    int begun() {
        return begun;
    }
}
