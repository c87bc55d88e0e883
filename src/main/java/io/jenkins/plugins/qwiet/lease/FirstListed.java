package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.DistinctIds;
import java.util.stream.IntStream;

/**
 * When each token of an organization was listed first. Of an id only its hash is kept, so that there is room for all that a
 * list may have. What is in no list any more is forgotten, at once if the list is the whole; else some lists later, when
 * room is needed, as others come and go for ever where lists are never whole. For one thread at a time.
 */
final class FirstListed {
    /** More than the longest list has that is read, by its bytes. */
    static final int MOST = 4_000_000;
    /** Of what is not known. */
    static final long NEVER = Long.MAX_VALUE;

    /** Lists. What so many lacked one after the other, tokens that moved or a page that failed did not hide. */
    static final int ABSENT = 16;

    private long[] hashes = new long[64];
    private long[] numbers = new long[64];
    /** The last list with it. */
    private int[] last = new int[64];

    private int size;
    private int lists;
    /** The list with which room was made last. */
    private int tidied;

    /**
     * These were in a list.
     *
     * @param whole whether others are no longer there
     */
    void listed(DistinctIds ids, boolean whole, long number) {
        lists++;
        ids.hashes().forEach(hash -> put(hash, number));
        if (whole) {
            keep(lists, 64);
        }
    }

    /** How many it knows of. */
    int size() {
        return size;
    }

    /** {@link #NEVER} if it is not known. */
    long of(String id) {
        return get(DistinctIds.hash(id));
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
        if (hashes[at] == hash) {
            last[at] = lists;
            return;
        } else if (size >= hashes.length / 4 * 3 || size >= MOST && tidied != lists) {
            tidied = lists;
            keep(lists - ABSENT, hashes.length);
            at = at(hash);
        }
        if (size < MOST) {
            set(at, hash, number, lists);
        }
    }

    private void set(int at, long hash, long number, int list) {
        hashes[at] = hash;
        numbers[at] = number;
        last[at] = list;
        size++;
    }

    /** Forgets what was in no list since that one, and makes room. */
    private void keep(int since, int least) {
        long[] before = hashes;
        long[] its = numbers;
        int[] lasts = last;
        long kept = IntStream.range(0, before.length)
                .filter(i -> before[i] != 0 && lasts[i] >= since)
                .count();
        int length = least;
        while (kept > length / 2) {
            length *= 2;
        }
        hashes = new long[length];
        numbers = new long[length];
        last = new int[length];
        size = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0 && lasts[i] >= since) {
                set(at(before[i]), before[i], its[i], lasts[i]);
            }
        }
    }
}
