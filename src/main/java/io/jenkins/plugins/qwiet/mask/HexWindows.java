package io.jenkins.plugins.qwiet.mask;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which {@value #DIGITS} hexadecimal digits, one after the other, are of a secret: each eight bytes that follow each other
 * in what is secret of it, as numbers. Immutable, safe on any thread. {@link HexSearch} looks for them.
 *
 * <p>Also in the order in which tools print words of two, four and eight bytes on most machines, the last byte first
 * ({@code hexdump}, {@code od -x}), and with a zero behind each character, as UTF-16 has it.
 */
final class HexWindows {
    static final HexWindows NONE = new HexWindows(new long[0]);

    static final int DIGITS = 16;
    private static final int BYTES = DIGITS / 2;
    /** Of what is secret, all is ASCII. */
    private static final long NO_ASCII = 0x8080808080808080L;

    /** Sorted as unsigned numbers, which they are all the same as signed ones; each as often as secrets have it. */
    private final long[] windows;

    private HexWindows(long[] windows) {
        this.windows = windows;
    }

    /** Whether digits can be told in a charset: each is its byte in ASCII, perhaps with zeros around it. */
    static boolean canBeIn(Charset charset) {
        String digits = "09afAF";
        return Mask.bytes(digits, charset)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", ""))
                .filter(digits::equals)
                .isPresent();
    }

    /** All windows of one secret, of which each part is secret; in no order. */
    static long[] of(String core) {
        byte[] bytes = core.getBytes(StandardCharsets.US_ASCII);
        byte[] wide = core.getBytes(StandardCharsets.UTF_16LE);
        LongStream words = IntStream.of(1, 2, 4, 8)
                .mapToObj(size -> windows(bytes, 1, size))
                .flatMapToLong(each -> each);
        return LongStream.concat(words, windows(wide, 2, 1)).toArray();
    }

    private static LongStream windows(byte[] bytes, int step, int wordSize) {
        return IntStream.iterate(0, at -> at + BYTES <= bytes.length, at -> at + step)
                .mapToLong(at -> window(bytes, at, wordSize));
    }

    private static long window(byte[] bytes, int at, int wordSize) {
        long window = 0;
        for (int i = 0; i < BYTES; i++) {
            int inWord = i % wordSize;
            window = window << Byte.SIZE | bytes[at + i - inWord + wordSize - 1 - inWord] & 0xFF;
        }
        return window;
    }

    /** With those of some secrets more, and without those of some that it has. */
    HexWindows with(Collection<long[]> more, Collection<long[]> without) {
        long[] added = sorted(more);
        long[] gone = sorted(without);
        if (added.length == 0 && gone.length == 0) {
            return this;
        }
        var now = new long[windows.length + added.length - gone.length];
        int to = 0;
        int nextAdded = 0;
        int nextGone = 0;
        for (long window : windows) {
            if (nextGone < gone.length && gone[nextGone] == window) {
                nextGone++;
                continue;
            }
            while (nextAdded < added.length && added[nextAdded] < window) {
                now[to++] = added[nextAdded++];
            }
            now[to++] = window;
        }
        System.arraycopy(added, nextAdded, now, to, added.length - nextAdded);
        return new HexWindows(now);
    }

    private static long[] sorted(Collection<long[]> some) {
        return some.stream().flatMapToLong(LongStream::of).sorted().toArray();
    }

    boolean isEmpty() {
        return windows.length == 0;
    }

    /** Whether digits of a secret stand in a text in UTF-8. */
    boolean isIn(byte[] text) {
        var lines = new Lines();
        lines.join(text, 0, text.length, Lines.Ends.ASCII);
        var search = new HexSearch();
        search.search(lines, this, false);
        return search.count() > 0;
    }

    boolean has(long digits) {
        return (digits & NO_ASCII) == 0 && Arrays.binarySearch(windows, digits) >= 0;
    }

    /** Whether one begins with so many digits, the last ones of a number. */
    boolean hasBegunWith(long digits, int count) {
        int others = (DIGITS - count) * 4;
        long first = digits << others;
        int at = Arrays.binarySearch(windows, first);
        int place = at < 0 ? -at - 1 : at;
        return first >= 0 && place < windows.length && windows[place] >>> others == first >>> others;
    }
}
