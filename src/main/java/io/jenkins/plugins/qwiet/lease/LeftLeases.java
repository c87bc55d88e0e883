package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * The leases that a person left to another Jenkins, which looks after their tokens. They are kept whole until their tokens
 * are surely over: a build's record may still name one, a list may show its token, and the person may have been wrong. This
 * machine's clock alone says nothing of that, as it may be ahead: it decides only what a person is shown. Safe on any thread.
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

    /** @param record of a lease */
    synchronized void add(JournalRecord record) {
        leases.put(record.nonce(), record);
        if (leases.size() > MOST) {
            Iterator<String> oldest = leases.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** All, as they are to be written. */
    synchronized List<JournalRecord> records() {
        return List.copyOf(leases.values());
    }

    /** Those that are not over by this machine's clock. */
    synchronized List<JournalRecord> current() {
        Instant now = clock.instant();
        return leases.values().stream().filter(each -> !isOver(each, now)).toList();
    }

    /**
     * Forgets those of an organization that are over; gives them.
     *
     * @param atLeast what time it is, also as Qwiet's own answers say
     */
    synchronized List<JournalRecord> forgetOver(Organization organization, Instant atLeast) {
        List<JournalRecord> over = leases.values().stream()
                .filter(each -> each.lease().organization().equals(organization) && isOver(each, atLeast))
                .toList();
        over.forEach(each -> leases.remove(each.nonce()));
        return over;
    }

    synchronized boolean has(String nonce) {
        return leases.containsKey(nonce);
    }

    synchronized boolean hasLike(String beginning) {
        return leases.keySet().stream().anyMatch(nonce -> nonce.startsWith(beginning));
    }

    synchronized void computeIfPresent(String nonce, BiFunction<String, JournalRecord, JournalRecord> change) {
        leases.computeIfPresent(nonce, change);
    }

    synchronized void replaceAll(UnaryOperator<JournalRecord> change) {
        leases.replaceAll((nonce, record) -> change.apply(record));
    }

    /** Gives up those of some owners that are not over by this machine's clock. */
    synchronized List<JournalRecord> giveUp(Collection<String> owners) {
        List<JournalRecord> some =
                current().stream().filter(each -> owners.contains(each.owner())).toList();
        some.forEach(each -> leases.remove(each.nonce()));
        return some;
    }

    private static boolean isOver(JournalRecord record, Instant now) {
        return isOver(Objects.requireNonNull(record.lease()), now);
    }

    /** Whether a lease's token is long over, if Qwiet ends tokens as it says or is asked to. */
    static boolean isOver(Lease lease, Instant now) {
        Instant end = lease.expiresAt();
        return end != null
                ? now.minus(KEPT).isAfter(end)
                : lease.end().unknown() && now.minus(KEPT_UNKNOWN).isAfter(lease.openedAt());
    }
}
