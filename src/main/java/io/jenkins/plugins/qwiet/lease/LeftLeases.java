package io.jenkins.plugins.qwiet.lease;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The leases that a person left to another Jenkins, which looks after their tokens. They are kept whole until their tokens
 * are surely over: a build's record may still name one, a list may show its token, and the person may have been wrong. Safe
 * on any thread.
 */
final class LeftLeases {
    /** After the end that Qwiet named: so that a person who was wrong sees it. */
    private static final Duration KEPT = Duration.ofDays(1);
    /** After the lease was opened, if its end is not known. */
    private static final Duration KEPT_UNKNOWN = Duration.ofDays(30);

    private static final int MOST = 20_000;

    private final Clock clock;
    /** By nonce: each with its owner; the first was left first. */
    private final Map<String, JournalRecord> leases = new LinkedHashMap<>();

    LeftLeases(Clock clock) {
        this.clock = clock;
    }

    /** Keeps one, if it is not over. */
    synchronized void add(JournalRecord record) {
        if (isOver(record)) {
            return;
        }
        leases.put(record.nonce(), record);
        if (leases.size() > MOST) {
            Iterator<String> oldest = leases.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What is not over, as it is to be written. */
    synchronized List<JournalRecord> records() {
        leases.values().removeIf(this::isOver);
        return List.copyOf(leases.values());
    }

    synchronized boolean has(String nonce) {
        return leases.containsKey(nonce);
    }

    synchronized void replaceAll(UnaryOperator<JournalRecord> change) {
        leases.replaceAll((nonce, record) -> change.apply(record));
    }

    /** Gives up those of some owners. */
    synchronized List<JournalRecord> giveUp(Collection<String> owners) {
        List<JournalRecord> some =
                records().stream().filter(each -> owners.contains(each.owner())).toList();
        some.forEach(each -> leases.remove(each.nonce()));
        return some;
    }

    private boolean isOver(JournalRecord record) {
        Lease lease = record.lease();
        if (lease == null) {
            return true;
        }
        Instant end = lease.expiresAt();
        Instant now = clock.instant();
        return end != null
                ? now.minus(KEPT).isAfter(end)
                : lease.end().unknown() && now.minus(KEPT_UNKNOWN).isAfter(lease.openedAt());
    }
}
