package io.jenkins.plugins.qwiet.lease;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The leases that were not written here. May be read on any thread; changes must not overlap. */
final class RestingLeases {
    private static final int MOST_LEFT = 20_000;

    private final HomeMark mark;
    /** By nonce: each with its owner. */
    private final Map<String, JournalRecord> leases = new ConcurrentHashMap<>();

    /** The nonces of those that were left to another, which a build's record may still name; the first is the oldest. */
    private final Set<String> left = Collections.synchronizedSet(new LinkedHashSet<>());

    RestingLeases(HomeMark mark) {
        this.mark = mark;
    }

    /** @param record of a lease */
    void add(JournalRecord record) {
        leases.put(record.nonce(), record);
    }

    List<RestingLease> all() {
        return leases.values().stream()
                .map(record -> {
                    HomeMark.Former former = mark.former(record.owner());
                    return new RestingLease(record.lease(), former.home(), former.why(), former.since());
                })
                .toList();
    }

    boolean has(String nonce) {
        return leases.containsKey(nonce);
    }

    List<JournalRecord> records() {
        return List.copyOf(leases.values());
    }

    /** Who wrote them. */
    Set<String> owners() {
        return leases.values().stream().map(JournalRecord::owner).collect(Collectors.toSet());
    }

    /** Lets leases follow their job; gives what has changed. */
    List<JournalRecord> move(String from, String to) {
        List<JournalRecord> changed = new ArrayList<>();
        leases.replaceAll((nonce, record) -> {
            Lease moved = record.lease().moved(from, to);
            if (moved.equals(record.lease())) {
                return record;
            }
            JournalRecord after = new JournalRecord(nonce, record.owner(), moved, record.ended());
            changed.add(after);
            return after;
        });
        return changed;
    }

    /** Marks that the token of one is no longer used, which counts when it is taken over; gives what has changed. */
    Optional<JournalRecord> release(String nonce, Instant now) {
        JournalRecord record = leases.get(nonce);
        Lease lease = record == null ? null : record.lease();
        if (lease == null || lease.releasedAt() != null) {
            return Optional.empty();
        }
        var after = new JournalRecord(nonce, record.owner(), lease.released(now), record.ended());
        leases.put(nonce, after);
        return Optional.of(after);
    }

    /** Gives up all of them, since they are this home's own: what they were told apart by misled. */
    List<JournalRecord> takeOver() {
        List<JournalRecord> all = giveUp();
        all.forEach(record -> mark.misled(record.owner()));
        return all;
    }

    /** Leaves all of them to another, who looks after their tokens. */
    List<JournalRecord> forget() {
        List<JournalRecord> all = giveUp();
        all.forEach(record -> leave(record.nonce()));
        return all;
    }

    /** Notes that another looks after one that is not here. */
    void leave(String nonce) {
        synchronized (left) {
            left.add(nonce);
            if (left.size() > MOST_LEFT) {
                left.remove(left.iterator().next());
            }
        }
    }

    List<String> left() {
        synchronized (left) {
            return List.copyOf(left);
        }
    }

    /** Whether it rests, or was left to another. */
    boolean areAnothers(String nonce) {
        return has(nonce) || left.contains(nonce);
    }

    private List<JournalRecord> giveUp() {
        List<JournalRecord> all = records();
        all.forEach(record -> leases.remove(record.nonce()));
        return all;
    }
}
