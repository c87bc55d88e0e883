package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.time.Duration;
import java.time.Instant;
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
 * longer, nor is any if each list has lacked one for {@link #BELIEVED_IN_TURN}; nor one that Jenkins ever asked Qwiet to
 * revoke. Of those of which Qwiet named no end, which may be over by now, only the newest that is believed counts. Safe on
 * any thread.
 */
final class Witnesses {
    /** Longer than a cache may keep a list, and shorter than anybody wants to wait for a lease to end. */
    static final Duration BELIEVED = Duration.ofHours(6);

    /** The same where it is another token each time: builds may delete their own. */
    static final Duration BELIEVED_IN_TURN = Duration.ofDays(1);

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
        final Set<String> nonces = new HashSet<>();
        final Map<String, Long> missingSince = new HashMap<>();
        /** Since when each list lacked one; null if the last one had all. */
        Long lackingSince;
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
            shown.nonces.retainAll(nonces);
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
        Set<String> shown = byKey.containsKey(key) ? byKey.get(key).nonces : Set.of();
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
        shown.nonces.addAll(listed);
        shown.missingSince.keySet().removeAll(listed);
        List<Lease> living = before.stream().filter(lease -> lives(lease, now)).toList();
        living.stream()
                .map(Lease::nonce)
                .filter(nonce -> !listed.contains(nonce))
                .forEach(nonce -> shown.missingSince.putIfAbsent(nonce, begunAt));
        List<Lease> believed = living.stream()
                .filter(lease -> begunAt - shown.missingSince.getOrDefault(lease.nonce(), begunAt) < BELIEVED.toNanos())
                .toList();
        Instant newest =
                believed.stream().map(Lease::openedAt).max(Instant::compareTo).orElse(Instant.MAX);
        boolean lacks = believed.stream()
                .filter(lease -> lease.expiresAt() != null || lease.openedAt().equals(newest))
                .anyMatch(lease -> !listed.contains(lease.nonce()));
        if (living.stream().allMatch(lease -> listed.contains(lease.nonce()))) {
            shown.lackingSince = null;
        } else if (shown.lackingSince == null) {
            shown.lackingSince = begunAt;
        }
        return lacks && begunAt - shown.lackingSince < BELIEVED_IN_TURN.toNanos();
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
