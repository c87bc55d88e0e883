package io.jenkins.plugins.qwiet.mask;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * A set of short byte sequences ("grams", up to eight bytes in a long) that may answer yes for one that is not in it,
 * never no for one that is: a Bloom filter with one hash. It only grows, so that those who ask need no lock: they know
 * what was added before they got it, and may know more.
 */
final class Grams {
    /** One gram in 32 that are not in a full set seems to be; each costs a closer look, no more. */
    private static final int BITS_A_GRAM = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] words;
    private final int shift;
    private final int most;
    private int room;

    private Grams(int mostGrams) {
        int bits = Math.max(10, 32 - Integer.numberOfLeadingZeros(Math.min(mostGrams, 1 << 24) * BITS_A_GRAM));
        words = new long[1 << (bits - 6)];
        shift = 64 - bits;
        most = mostGrams;
        room = mostGrams;
    }

    /**
     * With room for as many again: adding them one by one then makes a new set only when their number has doubled.
     *
     * @param count how many there are, roughly
     * @param fill adds them to the set that it gets; may be asked twice
     */
    static Grams of(int count, Consumer<Grams> fill) {
        var grams = new Grams(2 * count);
        fill.accept(grams);
        int added = grams.most - grams.room;
        if (2 * added <= grams.most) {
            return grams;
        }
        // Some were not counted, as others had their bits.
        var larger = new Grams(3 * added);
        fill.accept(larger);
        return larger;
    }

    /** Whether it has got as many as it was made for: from here on it would say yes too often. */
    boolean isFull() {
        return room <= 0;
    }

    void add(long gram) {
        int bit = bit(gram);
        long word = words[bit >>> 6];
        if ((word & 1L << bit) == 0) {
            words[bit >>> 6] = word | 1L << bit;
            room--;
        }
    }

    boolean mayHave(long gram) {
        int bit = bit(gram);
        return (words[bit >>> 6] & 1L << bit) != 0;
    }

    /** Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio. */
    private int bit(long gram) {
        return (int) (gram * 0x9E3779B97F4A7C15L >>> shift);
    }

    /** So many bytes of a text, at most eight, in a long. */
    static long at(byte[] text, int at, int length) {
        if (at + Long.BYTES <= text.length) {
            return (long) LONG.get(text, at) & -1L >>> (Long.BYTES - length) * Byte.SIZE;
        }
        long gram = 0;
        for (int i = length - 1; i >= 0; i--) {
            gram = gram << Byte.SIZE | text[at + i] & 0xFF;
        }
        return gram;
    }
}
