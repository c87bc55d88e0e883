package io.jenkins.plugins.qwiet.lease;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What searches of this process showed of each nonce. One look alone proves nothing: a token that was minted a moment
 * ago may not be listed yet, one that was revoked a moment ago may still be, and a call on its way may yet be handled.
 * So absence counts only when two looks that are apart agree. Safe on any thread.
 */
final class Looks {
    /**
     * Between the looks for a token whose id nobody knows: a slow server may handle a call whose caller is long gone.
     * Generous beside the 30 s that a call takes at most by default.
     */
    static final Duration SETTLE = Duration.ofMinutes(10);
    /** Between the looks for a token that Qwiet did say it made: its list only has to catch up. */
    static final Duration APART = Duration.ofMinutes(2);
    /** Looks that are further apart do not agree: nobody knows what one between them would have shown. */
    static final Duration FURTHEST_APART = Backoff.SLOWEST.plusMinutes(5);

    /**
     * @param gone ids that Qwiet said are gone, whatever its list says
     * @param since when the first look began that found nothing, or that found something which is revoked since; null if
     *     there is none
     * @param last when the last one began of those that agree
     */
    private record Seen(Set<String> gone, Long since, long last) {
        Seen after(long begunAt) {
            boolean agrees = since != null && begunAt - last <= FURTHEST_APART.toNanos();
            return new Seen(gone, agrees ? since : begunAt, begunAt);
        }
    }

    private static final Seen NOTHING = new Seen(Set.of(), null, 0);

    private final LongSupplier nanoTime;
    /** What this process did not ask for, the one before it may have asked for just before it ended. */
    private final long began;

    private final Map<String, Seen> byNonce = new ConcurrentHashMap<>();
    /** When a token was asked for: a look that begins at once shows nothing of it. */
    private final Map<String, Long> asked = new ConcurrentHashMap<>();
    // Why Qwiet would not revoke a token that may be gone.
    private final Map<String, String> doubts = new ConcurrentHashMap<>();

    Looks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** For the beginning of a look. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** A creation is about to be sent. */
    void asks(String nonce) {
        asked.put(nonce, now());
    }

    void gone(String nonce, String id) {
        byNonce.compute(nonce, (n, seen) -> {
            Set<String> gone = ConcurrentHashMap.newKeySet();
            if (seen != null) {
                gone.addAll(seen.gone());
            }
            gone.add(id);
            return new Seen(gone, seen == null ? null : seen.since(), seen == null ? 0 : seen.last());
        });
    }

    /** The ids of that nonce's tokens that Qwiet said are gone. */
    Set<String> goneIds(String nonce) {
        Seen seen = byNonce.get(nonce);
        return seen == null ? Set.of() : Set.copyOf(seen.gone());
    }

    /** The ids that Qwiet has not said are gone. */
    List<String> left(String nonce, Collection<String> ids) {
        Seen seen = byNonce.get(nonce);
        return ids.stream()
                .filter(id -> seen == null || !seen.gone().contains(id))
                .distinct()
                .toList();
    }

    /** All that a look found, which began then, is revoked. */
    void revoked(String nonce, long begunAt) {
        byNonce.compute(nonce, (n, seen) -> new Seen(seen == null ? Set.of() : seen.gone(), begunAt, begunAt));
    }

    /** A look found something that is not revoked. */
    void startAgain(String nonce) {
        byNonce.computeIfPresent(nonce, (n, seen) -> new Seen(seen.gone(), null, 0));
    }

    /** A look that began then found nothing. Says whether that proves that there is nothing. */
    boolean proves(String nonce, long begunAt, Duration apart) {
        if (begunAt - asked.getOrDefault(nonce, began) < APART.toNanos()) {
            return false;
        }
        Seen seen = byNonce.compute(nonce, (n, before) -> (before == null ? NOTHING : before).after(begunAt));
        return begunAt - seen.since() >= apart.toNanos();
    }

    void doubt(String nonce, String why) {
        doubts.put(nonce, why);
    }

    /** Why Qwiet would not revoke a token that may be gone; null if it was not like that. */
    String doubtOf(String nonce) {
        return doubts.get(nonce);
    }

    void certain(String nonce) {
        doubts.remove(nonce);
    }

    void forget(String nonce) {
        byNonce.remove(nonce);
        asked.remove(nonce);
        doubts.remove(nonce);
    }

    /** Forgets all but these, and mints that were sent a moment ago: the leases may have been looked at before. */
    void keepOnly(Collection<String> nonces) {
        long now = now();
        byNonce.keySet().retainAll(nonces);
        asked.entrySet().removeIf(mint -> !nonces.contains(mint.getKey()) && now - mint.getValue() >= APART.toNanos());
        doubts.keySet().retainAll(nonces);
    }
}
