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
 * for {@link #STEADY}. Lists that are more than {@link #NEXT_LIST} apart are not "each list". Of those of which Qwiet named no
 * end, and which may be over by what was asked for, only the newest that is believed counts. Safe on any thread.
 */
final class Witnesses {
    /** Longer than a cache may keep a list, and shorter than anybody wants to wait for a lease to end. */
    static final Duration BELIEVED = Duration.ofHours(6);

    /** The same where it is another token each time: builds may delete their own. */
    static final Duration BELIEVED_IN_TURN = Duration.ofDays(1);

    /** Builds that delete their own as soon as they have them are no reason to doubt what was there for so long. */
    static final Duration STEADY = Duration.ofHours(1);

    /** Lists that are further apart say nothing of the time between them. */
    static final Duration NEXT_LIST = Duration.ofHours(1);

    /** A time through which lists agreed. */
    private static final class Span {
        private long since;
        private long last;

        Span(long begunAt) {
            since = begunAt;
            last = begunAt;
        }

        /** How long it lasts, by this list too. */
        Duration goesOn(long begunAt) {
            if (begunAt - last > NEXT_LIST.toNanos()) {
                since = begunAt;
            }
            last = begunAt;
            return Duration.ofNanos(begunAt - since);
        }
    }

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
        final Map<String, Span> missing = new HashMap<>();
        /** While each list lacked one that was believed; null if the last one had all of these. */
        Span lacking;

        boolean steadily(String nonce) {
            return first.containsKey(nonce) && last.get(nonce) - first.get(nonce) >= STEADY.toNanos();
        }
    }

    private final LeaseStore store;
    private final LongSupplier nanoTime;
    private final Unmarked unmarked;
    private final Map<String, Known> byNonce = new HashMap<>();
    private final Map<Key, Shown> byKey = new HashMap<>();

    /** @param unmarked knows what this process asked for */
    Witnesses(LeaseStore store, LongSupplier nanoTime, Unmarked unmarked) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.unmarked = unmarked;
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
            shown.missing.keySet().retainAll(nonces);
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
     * @param now what time it is at Qwiet at least, when it is there
     * @param told whether Qwiet said so, or else only our own clock
     */
    synchronized boolean contradict(
            Key key, List<Lease> before, Set<String> listed, long begunAt, Instant now, boolean told) {
        Shown shown = byKey.computeIfAbsent(key, k -> new Shown());
        listed.forEach(nonce -> {
            shown.first.putIfAbsent(nonce, begunAt);
            shown.last.put(nonce, begunAt);
            shown.missing.remove(nonce);
        });
        List<Lease> believed = new ArrayList<>();
        for (Lease lease : before) {
            if (lives(lease, begunAt, now, told)
                    && (listed.contains(lease.nonce())
                            || shown.missing
                                            .computeIfAbsent(lease.nonce(), n -> new Span(begunAt))
                                            .goesOn(begunAt)
                                            .compareTo(BELIEVED)
                                    < 0)) {
                believed.add(lease);
            }
        }
        Instant newest = believed.stream()
                .filter(lease -> lease.expiresAt() == null)
                .map(Lease::openedAt)
                .max(Instant::compareTo)
                .orElse(Instant.MAX);
        List<Lease> lacking = believed.stream()
                .filter(lease -> lease.expiresAt() != null
                        || unmarked.isAskedFor(lease.nonce(), begunAt)
                        || lease.openedAt().equals(newest))
                .filter(lease -> !listed.contains(lease.nonce()))
                .toList();
        if (lacking.isEmpty()) {
            shown.lacking = null;
            return false;
        } else if (shown.lacking == null) {
            shown.lacking = new Span(begunAt);
        }
        return shown.lacking.goesOn(begunAt).compareTo(BELIEVED_IN_TURN) < 0
                || lacking.stream().anyMatch(lease -> shown.steadily(lease.nonce()));
    }

    /**
     * Not over by the clock, whichever is ahead, or by what passed since it was asked for. By our own clock alone nothing is
     * over.
     */
    private boolean lives(Lease then, long begunAt, Instant now, boolean told) {
        Lease lease = store.find(then.nonce()).orElse(null);
        Known known = byNonce.get(then.nonce());
        return lease != null
                && known != null
                && !known.asked
                && lease.releasedAt() == null
                && lease.failure() == null
                && (lease.expiresAt() == null
                        || lease.expiresAt().isAfter(now)
                        || !told && !unmarked.isOverAsAskedFor(lease.nonce(), begunAt)
                        || unmarked.isAskedFor(lease.nonce(), begunAt));
    }
}
