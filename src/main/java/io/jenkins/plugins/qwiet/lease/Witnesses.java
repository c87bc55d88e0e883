package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tokens of which this process knows that they live: a list without one of them is not of now, or not the whole, whatever it
 * says of itself. A cache on the way may write a date of its own, and no sign.
 *
 * <p>Somebody may have deleted such a token in Qwiet. So one that no list has had for {@link #BELIEVED} is believed no
 * longer; nor is one that Jenkins ever asked Qwiet to revoke. Of those of which Qwiet named no end, which may be over by
 * now, the newest alone counts. Safe on any thread.
 */
final class Witnesses {
    /** Longer than a cache may keep a list, and shorter than anybody wants to wait for a lease to end. */
    static final Duration BELIEVED = Duration.ofHours(6);

    private static final class Known {
        final long since;
        Long missingSince;
        boolean asked;

        Known(long since) {
            this.since = since;
        }
    }

    private final LeaseStore store;
    private final LongSupplier nanoTime;
    private final Map<String, Known> byNonce = new HashMap<>();

    Witnesses(LeaseStore store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** Gets to know what is open. To be called now and then, and forgets what is no longer. */
    synchronized void see(Collection<Lease> open) {
        long now = nanoTime.getAsLong();
        Set<String> nonces = new HashSet<>();
        for (Lease lease : open) {
            nonces.add(lease.nonce());
            if (lease.tokenId() != null) {
                byNonce.computeIfAbsent(lease.nonce(), nonce -> new Known(now));
            }
        }
        byNonce.keySet().retainAll(nonces);
    }

    /** Qwiet is asked to revoke its token now: whatever comes of it, nobody knows from here on whether it lives. */
    synchronized void isAsked(String nonce) {
        byNonce.computeIfAbsent(nonce, n -> new Known(nanoTime.getAsLong())).asked = true;
    }

    /** Those that have to be in a list that is asked for now, if they still live when it is there. */
    synchronized List<Lease> of(Key key) {
        List<Lease> open = store.leases();
        see(open);
        long now = nanoTime.getAsLong();
        return open.stream()
                .filter(lease -> {
                    Known known = byNonce.get(lease.nonce());
                    return known != null
                            && now - known.since >= Looks.APART.toNanos()
                            && Key.of(lease).equals(key);
                })
                .toList();
    }

    /**
     * Whether a list lacks what it has to have.
     *
     * @param listed the ids that it has
     * @param begunAt when it was asked for
     * @param now at Qwiet, when it is there
     */
    synchronized boolean contradict(List<Lease> before, Set<String> listed, long begunAt, Instant now) {
        List<Lease> living = before.stream().filter(lease -> lives(lease, now)).toList();
        Instant newest =
                living.stream().map(Lease::openedAt).max(Instant::compareTo).orElse(Instant.MAX);
        boolean lacks = false;
        for (Lease lease : living) {
            Known known = byNonce.get(lease.nonce());
            if (listed.contains(lease.tokenId())) {
                known.missingSince = null;
                continue;
            }
            if (known.missingSince == null) {
                known.missingSince = begunAt;
            }
            boolean counts = lease.expiresAt() != null || lease.openedAt().equals(newest);
            lacks |= counts && begunAt - known.missingSince < BELIEVED.toNanos();
        }
        return lacks;
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
