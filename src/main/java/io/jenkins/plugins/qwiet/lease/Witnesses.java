package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tokens of which this process knows that they live: a list without one of them is not of now, or not the whole, whatever it
 * says of itself. A cache on the way may write a date of its own, and no sign. Those that were minted with the account that
 * asks for the list, and those of any other account of the organization that its lists have shown.
 *
 * <p>Somebody may have deleted such a token in Qwiet. So one that no list has had for {@link #BELIEVED} is believed no
 * longer, and says nothing of the others; nor is one that Jenkins ever asked Qwiet to revoke. If each list has lacked one
 * that is believed, now this and now that, for {@link #BELIEVED_IN_TURN}, then only those are believed that lists have shown
 * for {@link #STEADY}. Of those of which Qwiet named no end, which may be over by now, only the newest that is believed
 * counts. Safe on any thread.
 */
final class Witnesses {
    /** Longer than a cache may keep a list, and shorter than anybody wants to wait for a lease to end. */
    static final Duration BELIEVED = Duration.ofHours(6);

    /** The same where it is another token each time: builds may delete their own. */
    static final Duration BELIEVED_IN_TURN = Duration.ofDays(1);

    /** Builds that delete their own as soon as they have them are no reason to doubt what was there for so long. */
    static final Duration STEADY = Duration.ofHours(1);

    /** A token that is open in Jenkins. */
    private static final class Known {
        final long since;
        boolean asked;

        Known(long since) {
            this.since = since;
        }
    }

    /** What the lists of one account showed. */
    private static final class Shown {
        final Map<String, Long> first = new HashMap<>();
        final Map<String, Long> last = new HashMap<>();
        final Map<String, Long> missingSince = new HashMap<>();
        /** Since when each list lacked one that was believed; null if the last one had all of these. */
        Long lackingSince;

        boolean steadily(String nonce) {
            return first.containsKey(nonce) && last.get(nonce) - first.get(nonce) >= STEADY.toNanos();
        }
    }

    private final LeaseStore store;
    private final LongSupplier nanoTime;
    private final Map<String, Known> byNonce = new HashMap<>();
    private final Map<Key, Shown> byKey = new HashMap<>();

    Witnesses(LeaseStore store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** Gets to know what is open. To be called now and then, and forgets what is no longer. */
    synchronized void see() {
        List<Lease> open = store.leases();
        long now = nanoTime.getAsLong();
        Set<String> nonces = new HashSet<>();
        Set<Organization> organizations = new HashSet<>();
        for (Lease lease : open) {
            nonces.add(lease.nonce());
            organizations.add(lease.organization());
            if (lease.tokenId() != null) {
                byNonce.computeIfAbsent(lease.nonce(), nonce -> new Known(now));
            }
        }
        byNonce.keySet().retainAll(nonces);
        byKey.keySet().removeIf(key -> !organizations.contains(key.organization()));
        byKey.values().forEach(shown -> {
            shown.first.keySet().retainAll(nonces);
            shown.last.keySet().retainAll(nonces);
            shown.missingSince.keySet().retainAll(nonces);
        });
    }

    /** Qwiet is asked to revoke its token now: whatever comes of it, nobody knows from here on whether it lives. */
    synchronized void isAsked(String nonce) {
        byNonce.computeIfAbsent(nonce, n -> new Known(nanoTime.getAsLong())).asked = true;
    }

    /** Those that have to be in a list that is asked for now, if they still live when it is there. */
    synchronized List<Lease> of(Key key) {
        see();
        long now = nanoTime.getAsLong();
        Set<String> shown = byKey.containsKey(key) ? byKey.get(key).first.keySet() : Set.of();
        return store.leases().stream()
                .filter(lease -> {
                    Known known = byNonce.get(lease.nonce());
                    return known != null
                            && now - known.since >= Looks.APART.toNanos()
                            && (Key.of(lease).equals(key) || shown.contains(lease.nonce()));
                })
                .toList();
    }

    /**
     * Whether a list lacks what it has to have.
     *
     * @param before of {@link #of}, when it was asked for
     * @param listed the nonces of all open leases of the organization that it has
     * @param begunAt when it was asked for
     * @param now at Qwiet, when it is there
     */
    synchronized boolean contradict(Key key, List<Lease> before, Set<String> listed, long begunAt, Instant now) {
        Shown shown = byKey.computeIfAbsent(key, k -> new Shown());
        listed.forEach(nonce -> {
            shown.first.putIfAbsent(nonce, begunAt);
            shown.last.put(nonce, begunAt);
            shown.missingSince.remove(nonce);
        });
        List<Lease> believed = new ArrayList<>();
        for (Lease lease : before) {
            boolean missing = lives(lease, now) && !listed.contains(lease.nonce());
            long since = missing ? shown.missingSince.computeIfAbsent(lease.nonce(), n -> begunAt) : begunAt;
            if (lives(lease, now) && begunAt - since < BELIEVED.toNanos()) {
                believed.add(lease);
            }
        }
        Instant newest =
                believed.stream().map(Lease::openedAt).max(Instant::compareTo).orElse(Instant.MAX);
        List<Lease> lacking = believed.stream()
                .filter(lease -> lease.expiresAt() != null || lease.openedAt().equals(newest))
                .filter(lease -> !listed.contains(lease.nonce()))
                .toList();
        if (lacking.isEmpty()) {
            shown.lackingSince = null;
            return false;
        } else if (shown.lackingSince == null) {
            shown.lackingSince = begunAt;
        }
        return begunAt - shown.lackingSince < BELIEVED_IN_TURN.toNanos()
                || lacking.stream().anyMatch(lease -> shown.steadily(lease.nonce()));
    }

    private boolean lives(Lease then, Instant now) {
        Lease lease = store.find(then.nonce()).orElse(null);
        Known known = byNonce.get(then.nonce());
        return lease != null
                && known != null
                && !known.asked
                && lease.releasedAt() == null
                && lease.failure() == null
                && (lease.expiresAt() == null || lease.expiresAt().isAfter(now));
    }
}
