package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Knows whose a token is: an answer that names another lease's is not one to this creation, for something between Jenkins and
 * Qwiet gave one answer twice. Safe on any thread.
 */
final class TokensTaken {
    /** The newest of them. */
    private static final int MOST = 10_000;

    private record Id(Organization organization, String id) {}

    private final LeaseStore store;
    private final Map<Id, String> nonces = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, String> eldest) {
            return size() > MOST;
        }
    };

    TokensTaken(LeaseStore store) {
        this.store = store;
    }

    /** A token that is gone was that lease's, whoever is given its answer later. */
    synchronized void gone(Organization organization, String id, String nonce) {
        nonces.putIfAbsent(new Id(organization, id), nonce);
    }

    /**
     * Takes a token for a lease, unless it is that of another one, be it open, resting or ended.
     *
     * @return whether it is that lease's now
     */
    synchronized boolean take(Organization organization, String id, String nonce) {
        boolean isOthers = Stream.of(store.leases(), store.others().all(), store.ended())
                .flatMap(leases -> leases.stream())
                .anyMatch(lease -> id.equals(lease.tokenId())
                        && !lease.nonce().equals(nonce)
                        && lease.organization().equals(organization));
        return !isOthers
                && nonces.computeIfAbsent(new Id(organization, id), i -> nonce).equals(nonce);
    }
}
