package io.jenkins.plugins.qwiet.mask;

/**
 * A set of short byte sequences ("grams", up to eight bytes in a long) that may answer yes for one that is not in it,
 * never no for one that is: a Bloom filter with one hash. Small enough for the processor's cache.
 */
final class BloomFilter {
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
