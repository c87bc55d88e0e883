package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What is known of listed tokens without a description: any of them may be one whose mint was not answered, if Qwiet, or
 * something before it, does not give the description that Jenkins sent. Where a token is listed that Jenkins knows by its
 * id, its description says whether that is so. And what was listed before a mint was sent is not that mint's. Safe on any
 * thread.
 */
final class Blanks {
    /** Of one organization and credential. */
    private static final int MOST = 10_000;
    /** Nothing asks Qwiet for a token that lives longer. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** @param number counts lists and mints, in the order in which they were answered and sent */
    private record Sent(long number, long at, Duration validFor) {}

    private final LongSupplier nanoTime;
    private final long began;
    private final Map<String, Sent> mints = new ConcurrentHashMap<>();
    private final Map<Key, Map<String, Long>> listed = new HashMap<>();
    private long number;

    Blanks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** A mint is about to be sent. */
    synchronized void sends(String nonce, Duration validFor) {
        mints.put(nonce, new Sent(number++, nanoTime.getAsLong(), validFor));
    }

    /** These were in a list that is there now; if that is the whole, others are no longer. */
    synchronized void listed(Key key, Collection<String> ids, boolean whole) {
        Map<String, Long> known = listed.computeIfAbsent(key, k -> new HashMap<>());
        if (whole) {
            known.keySet().retainAll(ids);
        }
        for (String id : ids) {
            if (known.size() < MOST) {
                known.putIfAbsent(id, number);
            }
        }
        number++;
    }

    /**
     * Whether a token without a description is certainly not that of a lease.
     *
     * @param begunAt when the list with it was asked for
     * @param asSent whether Jenkins' own tokens have their descriptions in the same list; null if none is in it. What other
     *     lists gave says nothing of this one
     */
    synchronized boolean isAnothers(
            Key key, Lease lease, NonceSearch.Faint token, long begunAt, @CheckForNull Boolean asSent) {
        if (asSent != null && asSent) {
            return true;
        }
        Sent sent = mints.get(lease.nonce());
        Long first = listed.getOrDefault(key, Map.of()).get(token.id());
        if (sent != null && first != null && first < sent.number()) {
            return true;
        } else if (asSent != null || token.undescribed()) {
            return false;
        }
        // Qwiet says that it is empty. If others are not, Jenkins' would not be; and one of
        // Jenkins' would not live so long.
        Duration over = sent == null ? LONGEST : sent.validFor();
        long since = sent == null ? began : sent.at();
        return token.whereOthersHave()
                || begunAt - since >= over.plus(Witnesses.BELIEVED).toNanos();
    }

    /** Forgets all other mints, but those that were sent a moment ago: the leases may have been looked at before. */
    synchronized void keepOnly(Set<String> nonces) {
        long now = nanoTime.getAsLong();
        mints.entrySet()
                .removeIf(mint ->
                        !nonces.contains(mint.getKey()) && now - mint.getValue().at() >= Looks.APART.toNanos());
    }
}
