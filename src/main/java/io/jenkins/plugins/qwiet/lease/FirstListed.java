package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.DistinctIds;

/**
 * When each token of an organization was listed first. Of an id only its hash is kept, so that there is room for all that a
 * list may have. For one thread at a time.
 */
final class FirstListed {
    /** More than the longest list has that is read, by its bytes. */
    static final int MOST = 4_000_000;
    /** Of what is not known. */
    static final long NEVER = Long.MAX_VALUE;

    private long[] hashes = new long[64];
    private long[] numbers = new long[64];
    private int size;

    /**
     * These were in a list.
     *
     * @param whole whether others are no longer there
     */
    void listed(DistinctIds ids, boolean whole, long number) {
        if (whole) {
            var before = new FirstListed();
            before.become(this);
            become(new FirstListed());
            ids.hashes().forEach(hash -> put(hash, Math.min(before.get(hash), number)));
        } else {
            ids.hashes().forEach(hash -> put(hash, number));
        }
    }

    /** {@link #NEVER} if it is not known. */
    long of(String id) {
        return get(DistinctIds.hash(id));
    }

    private void become(FirstListed other) {
        hashes = other.hashes;
        numbers = other.numbers;
        size = other.size;
    }

    private int at(long hash) {
        // Not in the order in which they come from a table of hashes, or one place fills up before the others.
        int at = (int) (hash * 0x9e3779b97f4a7c15L >>> 32) & hashes.length - 1;
        while (hashes[at] != 0 && hashes[at] != hash) {
            at = at + 1 & hashes.length - 1;
        }
        return at;
    }

    private long get(long hash) {
        int at = at(hash);
        return hashes[at] == hash ? numbers[at] : NEVER;
    }

    /** What is known already stays. */
    private void put(long hash, long number) {
        int at = at(hash);
        if (hashes[at] == hash || size >= MOST) {
            return;
        }
        hashes[at] = hash;
        numbers[at] = number;
        size++;
        if (size > hashes.length / 4 * 3) {
            grow();
        }
    }

    private void grow() {
        long[] before = hashes;
        long[] its = numbers;
        hashes = new long[before.length * 2];
        numbers = new long[before.length * 2];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0) {
                int at = at(before[i]);
                hashes[at] = before[i];
                numbers[at] = its[i];
            }
        }
    }
}
