package io.jenkins.plugins.qwiet.api;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Counts the different ids of a list, in eight to sixteen bytes for each. Two that are mixed up, of which there are none in
 * 100,000 but by a chance of 1 to three thousand millions, count as one: then the list seems to lack one. For one thread at a
 * time.
 */
public final class DistinctIds {
    private long[] hashes = new long[64];
    private int size;

    /** Whether it is a new one. */
    public boolean add(@NonNull String id) {
        return add(hash(id));
    }

    private boolean add(long hash) {
        if (!put(hashes, hash)) {
            return false;
        }
        size++;
        if (size > hashes.length / 4 * 3) {
            grow();
        }
        return true;
    }

    /** Whether all of them are new ones. */
    boolean addAll(DistinctIds others) {
        int before = size;
        while (size + others.size > hashes.length / 4 * 3) {
            // As they come in the order of their places, one place would fill up before the others.
            grow();
        }
        others.hashes().forEach(this::add);
        return size - before == others.size;
    }

    boolean has(String id) {
        long hash = hash(id);
        int at = (int) (hash >>> 32) & hashes.length - 1;
        while (hashes[at] != 0 && hashes[at] != hash) {
            at = at + 1 & hashes.length - 1;
        }
        return hashes[at] == hash;
    }

    int size() {
        return size;
    }

    /** Forgets all. */
    public void clear() {
        Arrays.fill(hashes, 0);
        size = 0;
    }

    private void grow() {
        var more = new long[hashes.length * 2];
        for (long hash : hashes) {
            if (hash != 0) {
                put(more, hash);
            }
        }
        hashes = more;
    }

    private static boolean put(long[] table, long hash) {
        int at = (int) (hash >>> 32) & table.length - 1;
        while (table[at] != 0) {
            if (table[at] == hash) {
                return false;
            }
            at = at + 1 & table.length - 1;
        }
        table[at] = hash;
        return true;
    }

    /** Those of all ids, in no order. */
    @NonNull
    public LongStream hashes() {
        return Arrays.stream(hashes).filter(hash -> hash != 0);
    }

    /** Never 0. */
    public static long hash(@NonNull String id) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 29) * 0xbf58476d1ce4e5b9L;
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }
}
