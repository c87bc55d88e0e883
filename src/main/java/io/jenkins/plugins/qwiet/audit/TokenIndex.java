package io.jenkins.plugins.qwiet.audit;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * Remembers live tokens in 12 bytes each: 64 bits of a hash of the id, 32 of a hash of everything that may change. Two
 * of 100,000 ids share a key once in three thousand million lists. For one thread at a time.
 *
 * <p>Reports store these hashes: whoever changes how they are made must store them under another name.
 */
public final class TokenIndex {
    /** Tokens that are remembered. */
    static final int MAX = 200_000;
    /** Bytes of a token. */
    static final int ENTRY = Long.BYTES + Integer.BYTES;

    private static final long SEED = 0xcbf29ce484222325L;
    private static final long FACTOR = 0xd6e8feb86659fd93L;

    private long[] keys = new long[64];
    private int[] contents = new int[64];
    private int size;
    private boolean complete = true;

    @CheckForNull
    private int[] slots;

    /** Remembers nothing yet. */
    TokenIndex() {}

    /** Remembers a token, unless there are too many. */
    void add(long key, int content) {
        if (size == MAX) {
            complete = false;
            return;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            contents = Arrays.copyOf(contents, size * 2);
        }
        keys[size] = key;
        contents[size] = content;
        size++;
        slots = null;
    }

    /** How many are remembered. */
    public int size() {
        return size;
    }

    /** Whether there were no more than can be remembered. */
    boolean complete() {
        return complete;
    }

    int content(int position) {
        return contents[position];
    }

    /** The position of a key, or -1. */
    int find(long key) {
        int[] table = slots == null ? hashed() : slots;
        int mask = table.length - 1;
        for (int slot = slot(key, mask); ; slot = slot + 1 & mask) {
            int position = table[slot] - 1;
            if (position < 0 || keys[position] == key) {
                return position;
            }
        }
    }

    private int[] hashed() {
        int[] table = new int[Integer.highestOneBit(Math.max(size, 1)) * 4];
        int mask = table.length - 1;
        for (int position = 0; position < size; position++) {
            int slot = slot(keys[position], mask);
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = position + 1;
        }
        slots = table;
        return table;
    }

    private static int slot(long key, int mask) {
        return (int) (key ^ key >>> 32) & mask;
    }

    /** What a report stores: a byte that tells whether it is complete, then {@value #ENTRY} bytes for each token. */
    @NonNull
    byte[] toBytes() {
        var bytes = ByteBuffer.allocate(1 + size * ENTRY).put((byte) (complete ? 1 : 0));
        for (int i = 0; i < size; i++) {
            bytes.putLong(keys[i]).putInt(contents[i]);
        }
        return bytes.array();
    }

    /** @throws IllegalArgumentException if nobody stored that */
    @NonNull
    static TokenIndex fromBytes(@NonNull byte[] stored) {
        int size = (stored.length - 1) / ENTRY;
        if (stored.length != 1 + size * ENTRY || size > MAX) {
            throw new IllegalArgumentException("not an index of tokens: " + stored.length + " bytes");
        }
        var bytes = ByteBuffer.wrap(stored);
        var index = new TokenIndex();
        boolean complete = bytes.get() == 1;
        for (int i = 0; i < size; i++) {
            index.add(bytes.getLong(), bytes.getInt());
        }
        index.complete = complete;
        return index;
    }

    /** 64 bits of an id. */
    static long key(String id) {
        return mix(SEED, id, TokenRow.MAX_ID);
    }

    /** 32 bits of what may change. */
    static int content(String label, String description, String roleId, @CheckForNull Instant expiresAt) {
        long hash = mix(SEED, label, Integer.MAX_VALUE);
        hash = mix(hash, description, Integer.MAX_VALUE);
        hash = mix(hash, roleId, Integer.MAX_VALUE);
        hash = step(hash, expiresAt == null ? Long.MIN_VALUE : expiresAt.getEpochSecond());
        return (int) step(hash, expiresAt == null ? 0 : expiresAt.getNano());
    }

    /** Takes four characters at a time, since every token of every list comes by here. */
    private static long mix(long seed, String text, int max) {
        long hash = seed;
        int length = Math.min(text.length(), max);
        int i = 0;
        for (; i < length - 3; i += 4) {
            long four = text.charAt(i)
                    | (long) text.charAt(i + 1) << 16
                    | (long) text.charAt(i + 2) << 32
                    | (long) text.charAt(i + 3) << 48;
            hash = step(hash, four);
        }
        for (; i < length; i++) {
            hash = step(hash, text.charAt(i));
        }
        return step(hash, length);
    }

    private static long step(long hash, long next) {
        long mixed = (hash ^ next) * FACTOR;
        return mixed ^ mixed >>> 32;
    }
}
