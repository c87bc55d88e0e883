package io.jenkins.plugins.qwiet.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Finds where one of many forms stands in a text, all as bytes. Immutable, safe on any thread.
 *
 * <p>A form of at least <i>w</i> bytes cannot hide between probes that look at <i>g</i> bytes ("a gram") each
 * <i>w - g + 1</i> bytes: one of them falls wholly into the form's first <i>w</i> bytes. So most of a text is never read;
 * only around a probe that finds a gram of some form's beginning is each position looked at. With tokens, <i>w</i> is 32
 * and <i>g</i> is 8. At the end of the text, a form that is cut off within its first <i>w</i> bytes can only stand behind
 * the last byte that no form has there; a line's end is such a byte for all tokens.
 *
 * <p>What a position holds is then found by binary search in the sorted forms. A text's predecessor there begins with the
 * longest form that begins the text; {@link #shorter} leads from the first to the second.
 */
final class PatternIndex {
    /**
     * A set of short byte sequences ("grams", up to eight bytes in a long) that may answer yes for one that is not in it,
     * never no for one that is: a Bloom filter with one hash. Small enough for the processor's cache.
     */
    private static final class BloomFilter {
        /** One gram in 32 that are not in the set seems to be; each costs a closer look, no more. */
        private static final int BITS_A_GRAM = 32;

        private final long[] words;
        private final int shift;

        BloomFilter(int grams) {
            int bits = Math.max(10, 32 - Integer.numberOfLeadingZeros(Math.min(grams, 1 << 24) * BITS_A_GRAM));
            words = new long[1 << (bits - 6)];
            shift = 64 - bits;
        }

        void add(long gram) {
            int bit = bit(gram);
            words[bit >>> 6] |= 1L << bit;
        }

        boolean mayHave(long gram) {
            int bit = bit(gram);
            return (words[bit >>> 6] & 1L << bit) != 0;
        }

        /** Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio. */
        private int bit(long gram) {
            return (int) (gram * 0x9E3779B97F4A7C15L >>> shift);
        }
    }

    private static final int GRAM = Long.BYTES;
    private static final int WINDOW = 32;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[][] forms;
    /** For each form, the longest other one that it begins with; -1 if there is none. */
    private final int[] shorter;

    private final int longest;
    private final int window;
    private final int gram;
    private final int stride;
    /** Which bytes there are in the forms' windows. */
    private final boolean[] known = new boolean[256];
    /** The grams at each place of each form's window. */
    private final BloomFilter windows;
    /** What forms begin with: their first byte, their first two, and so on up to a gram. */
    private final BloomFilter openings;

    /**
     * @param someForms none of them empty; the same may come twice
     */
    PatternIndex(Collection<byte[]> someForms) {
        forms = sorted(someForms);
        shorter = new int[forms.length];
        for (int i = 0; i < forms.length; i++) {
            shorter[i] = longestBeginning(i - 1, forms[i], 0, forms[i].length);
        }
        longest = Arrays.stream(forms).mapToInt(f -> f.length).max().orElse(0);
        window = Arrays.stream(forms).mapToInt(f -> f.length).reduce(WINDOW, Math::min);
        gram = Math.min(GRAM, (window + 1) / 2);
        stride = window - gram + 1;

        windows = new BloomFilter(forms.length * stride);
        openings = new BloomFilter(forms.length * gram);
        for (byte[] form : forms) {
            for (int i = 0; i < window; i++) {
                known[form[i] & 0xFF] = true;
            }
            for (int i = 0; i < stride; i++) {
                windows.add(gramAt(form, i, gram));
            }
            for (int length = 1; length <= gram; length++) {
                openings.add(opening(form, 0, length));
            }
        }
    }

    private static byte[][] sorted(Collection<byte[]> someForms) {
        var sorted = new TreeSet<byte[]>(Arrays::compareUnsigned);
        sorted.addAll(someForms);
        return sorted.toArray(byte[][]::new);
    }

    boolean isEmpty() {
        return forms.length == 0;
    }

    /**
     * The first position in [from, to) where a form, or a beginning of one that {@code to} cuts off, may stand: {@link
     * #longestAt} and {@link #mayGoOn} tell. {@code to} if there is none.
     */
    int next(byte[] text, int from, int to) {
        if (isEmpty()) {
            return to;
        }
        int unseen = from;
        for (int probe = from + stride - 1; probe + gram <= to; probe += stride) {
            if (windows.mayHave(gramAt(text, probe, gram))) {
                int at = nextOpening(text, unseen, probe + 1, to);
                if (at <= probe) {
                    return at;
                }
            }
            unseen = probe + 1;
        }
        return nextOpening(text, afterLastUnknown(text, unseen, to), to, to);
    }

    private int afterLastUnknown(byte[] text, int from, int to) {
        int at = to;
        while (at > from && known[text[at - 1] & 0xFF]) {
            at--;
        }
        return at;
    }

    private int nextOpening(byte[] text, int from, int below, int to) {
        int at = from;
        while (at < below && !openings.mayHave(opening(text, at, Math.min(gram, to - at)))) {
            at++;
        }
        return at;
    }

    /** How many bytes the longest form has that stands, whole, at a position of a text that ends at {@code to}; or 0. */
    int longestAt(byte[] text, int at, int to) {
        int form = longestBeginning(firstAfter(text, at, to) - 1, text, at, to);
        return form < 0 ? 0 : forms[form].length;
    }

    /** Whether the text from a position to its end is the beginning of a form that goes on behind it. */
    boolean mayGoOn(byte[] text, int at, int to) {
        if (to - at >= longest) {
            return false;
        }
        int after = firstAfter(text, at, to);
        return after < forms.length && commonBytes(forms[after], text, at, to) == to - at;
    }

    /** The place among the forms of the first that sorts behind text[at, to). */
    private int firstAfter(byte[] text, int at, int to) {
        int low = 0;
        int high = forms.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(forms[middle], 0, forms[middle].length, text, at, to) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The longest form that text[at, to) begins with, given the last form that does not sort behind it; or -1. */
    private int longestBeginning(int predecessor, byte[] text, int at, int to) {
        if (predecessor < 0) {
            return -1;
        }
        int common = commonBytes(forms[predecessor], text, at, to);
        int form = predecessor;
        while (form >= 0 && forms[form].length > common) {
            form = shorter[form];
        }
        return form;
    }

    private static int commonBytes(byte[] form, byte[] text, int at, int to) {
        int mismatch = Arrays.mismatch(form, 0, form.length, text, at, to);
        return mismatch < 0 ? form.length : mismatch;
    }

    /** Distinct for each length, so that "ab" is not taken for the first half of "ab\0\0". */
    private static long opening(byte[] text, int at, int length) {
        return gramAt(text, at, length) + length;
    }

    private static long gramAt(byte[] text, int at, int length) {
        if (at + GRAM <= text.length) {
            return (long) LONG.get(text, at) & -1L >>> (GRAM - length) * Byte.SIZE;
        }
        long gram = 0;
        for (int i = length - 1; i >= 0; i--) {
            gram = gram << Byte.SIZE | text[at + i] & 0xFF;
        }
        return gram;
    }
}
