package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.ServerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The leases that ended lately. Something on the way to Qwiet may have repeated the call that made their token, so that
 * there are two though one answer came: the list is looked through for their nonces too, soon after the end and once
 * more when nothing can come late. The store keeps them until then, also if Jenkins is restarted. Safe on any thread.
 */
final class EndedLeases {
    /** After the end, so that one look serves many. */
    static final Duration FIRST_LOOK = Duration.ofMinutes(1);
    /** Between lists that are asked for because of these leases alone, also where these prove nothing. */
    static final Duration LOOKS_APART = Duration.ofMinutes(5);

    private static final Logger LOGGER = Logger.getLogger(EndedLeases.class.getName());
    private static final int MOST = 50_000;
    /** Of one organization and credential: each may have a client of its own, which may not be had, or not be allowed. */
    private static final int JOBS_ASKED = GroupTries.MOST_PROBES;

    /**
     * An ended lease of which a token is left, beside the ones that are gone.
     *
     * @param again whether it is one that Qwiet seemed to say was gone, long before it was listed
     * @param byId whether it has the id that the lease knows
     */
    record Left(Lease lease, Set<String> gone, boolean again, boolean byId) {}

    private static final class Ended {
        final String nonce;
        final Set<String> gone;
        final long at;
        boolean looked;
        /** When the first list began that had none of its tokens left. */
        long lookedAt;

        long askedAt;

        Ended(String nonce, Set<String> gone, long at) {
            this.nonce = nonce;
            this.gone = gone;
            this.at = at;
            this.askedAt = at;
        }
    }

    private final LeaseStore store;
    private final LongSupplier nanoTime;
    private final Map<String, Ended> byNonce = new LinkedHashMap<>();
    private final Map<OrganizationSweep.Key, Long> lastLooks = new HashMap<>();

    /** With those that the store has from before. */
    EndedLeases(LeaseStore store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
        store.ended().stream()
                .sorted(Comparator.comparing(Lease::openedAt))
                .forEach(lease -> note(lease, lease.tokenId() == null ? Set.of() : Set.of(lease.tokenId())));
    }

    /**
     * Ends a lease, open or not.
     *
     * @param gone the ids that Qwiet said are gone
     */
    void add(Lease lease, Set<String> gone) {
        Lease now = store.find(lease.nonce()).orElse(lease);
        store.end(now);
        note(now, gone);
    }

    private synchronized void note(Lease lease, Set<String> gone) {
        byNonce.put(lease.nonce(), new Ended(lease.nonce(), gone, nanoTime.getAsLong()));
        if (byNonce.size() > MOST) {
            Iterator<String> oldest = byNonce.keySet().iterator();
            String forgotten = oldest.next();
            oldest.remove();
            store.forgetEnded(forgotten);
            LOGGER.log(Level.FINE, "Too many leases ended lately to look again for all: {0}", forgotten);
        }
    }

    /**
     * For each organization and credential whose list is due because of ended leases, a few of these, each of another job,
     * those first that were given longest ago.
     *
     * @param mayAsk whether such a list can be asked for now
     */
    synchronized Map<OrganizationSweep.Key, List<Lease>> due(Predicate<OrganizationSweep.Key> mayAsk) {
        long now = nanoTime.getAsLong();
        Map<OrganizationSweep.Key, List<Lease>> due = new LinkedHashMap<>();
        List<Ended> byTurns = new ArrayList<>(byNonce.values());
        byTurns.sort(Comparator.comparingLong(ended -> ended.askedAt - now));
        for (Ended ended : byTurns) {
            Duration wait = ended.looked ? Looks.SETTLE : FIRST_LOOK;
            if (now - ended.at >= wait.toNanos()) {
                store.findEnded(ended.nonce).ifPresent(lease -> {
                    var key = OrganizationSweep.Key.of(lease);
                    if (lookedLongAgo(key, LOOKS_APART) && mayAsk.test(key)) {
                        List<Lease> some = due.computeIfAbsent(key, k -> new ArrayList<>());
                        if (some.size() < JOBS_ASKED
                                && some.stream().noneMatch(other -> other.job().equals(lease.job()))) {
                            some.add(lease);
                            ended.askedAt = now;
                        }
                    }
                });
            }
        }
        return due;
    }

    /** Whether the last list of that organization and credential is so old, whatever it proved. */
    synchronized boolean lookedLongAgo(OrganizationSweep.Key key, Duration age) {
        Long last = lastLooks.get(key);
        return last == null || nanoTime.getAsLong() - last >= age.toNanos();
    }

    /** Those that are to be looked for in a list that is asked for anyway. */
    synchronized List<Lease> of(OrganizationSweep.Key key) {
        return byNonce.keySet().stream()
                .flatMap(nonce -> store.findEnded(nonce).stream())
                .filter(lease -> OrganizationSweep.Key.of(lease).equals(key))
                .toList();
    }

    /**
     * After a look: the leases of which a token is left, which then are no longer ended.
     *
     * @param clock Qwiet's: one of which none is found is forgotten without a whole list if it is long over for both
     */
    synchronized List<Left> left(OrganizationSweep.Key key, NonceSearch.Found found, ServerClock clock) {
        Instant atLeast = clock.skew() == null ? Instant.EPOCH : clock.atLeast();
        List<Left> left = new ArrayList<>();
        lastLooks.put(key, found.begunAt());
        byNonce.values().removeIf(ended -> {
            Lease lease = store.findEnded(ended.nonce).orElse(null);
            if (lease == null) {
                // Open again.
                return true;
            } else if (!OrganizationSweep.Key.of(lease).equals(key)) {
                return false;
            } else if (!ended.gone.containsAll(found.of(lease)) || found.mayShowTwin(lease, ended.gone)) {
                boolean byId = found.lists(lease) && !ended.gone.contains(lease.tokenId());
                left.add(new Left(lease, ended.gone, false, byId));
                return true;
            }
            boolean late = found.begunAt() - ended.at >= Looks.SETTLE.toNanos();
            if (late && found.shows(lease)) {
                // What was revoked a moment ago may still be listed; by now it was not revoked.
                left.add(new Left(lease, Set.of(), true, found.lists(lease)));
                return true;
            }
            // Of what was never made, or is gone as far as Qwiet said, only what is found counts.
            boolean absent = found.isWholeFor(lease) && found.begunAt() > ended.at;
            // The first list of a process may be one that a cache had kept: only the next one tells.
            boolean agrees = ended.looked && found.begunAt() - ended.lookedAt >= Looks.APART.toNanos();
            if (absent && !ended.looked) {
                ended.looked = true;
                ended.lookedAt = found.begunAt();
            }
            // Where no list is ever whole, and processes end too early to count a lifetime.
            boolean over = LeftLeases.isOver(lease, atLeast);
            boolean done = late && (absent && agrees || over);
            if (done) {
                store.forgetEnded(ended.nonce);
            }
            return done;
        });
        return left;
    }
}
