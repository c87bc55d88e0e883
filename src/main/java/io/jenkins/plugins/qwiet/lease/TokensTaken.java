package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows whose a token is, or was: by the answer to its creation, by its mark in a list, and because it was revoked for a
 * lease. An answer that names such a token is not one to another creation, for something between Jenkins and Qwiet gave one
 * answer twice. Safe on any thread.
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

    /**
     * Takes a token for a lease, unless it is or was that of another one, be it open, resting, ended or forgotten.
     *
     * @return whether it is that lease's now
     */
    boolean take(Organization organization, String id, String nonce) {
        return !store.isTokenOfAnother(organization, id, nonce)
                && was(organization, id, nonce).equals(nonce);
    }

    /**
     * Remembers whose a token is that a list showed, or that is revoked: it is given to nobody else.
     *
     * @return whose it is: what was known before, holds
     */
    synchronized String was(Organization organization, String id, String nonce) {
        return nonces.computeIfAbsent(new Id(organization, id), i -> nonce);
    }
}
