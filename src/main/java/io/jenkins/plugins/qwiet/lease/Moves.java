package io.jenkins.plugins.qwiet.lease;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The moves of jobs and folders since the process began, as far as they may still matter: a lease may be made of a name that is
 * changed before the lease is kept. Changes must not overlap with {@link #since}; {@link #count} may be asked on any thread.
 */
final class Moves {
    /** More than happen between two steps of a mint. */
    private static final int KEPT = 10_000;

    private record Move(long number, String from, String to) {}

    private final Deque<Move> last = new ArrayDeque<>();
    private final AtomicLong count = new AtomicLong();

    void add(String from, String to) {
        last.addLast(new Move(count.get(), from, to));
        if (last.size() > KEPT) {
            last.removeFirst();
        }
        count.incrementAndGet();
    }

    /** How many there were, which names this moment. */
    long count() {
        return count.get();
    }

    /** A lease as it is called now. */
    Lease since(long moment, Lease lease) {
        Lease moved = lease;
        for (Move move : last) {
            moved = move.number() < moment ? moved : moved.moved(move.from(), move.to());
        }
        return moved;
    }
}
