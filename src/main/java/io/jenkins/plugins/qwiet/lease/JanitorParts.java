package io.jenkins.plugins.qwiet.lease;

import java.time.Clock;
import java.util.Set;

/**
 * What all passes work with.
 *
 * @param tokens when each lease may be tried again, by nonce
 * @param groups when leases of an organization and credential may be tried again, by {@link OrganizationSweep.Key}
 * @param listed when those of its leases that only the list shows may be tried again, by key: apart from the others,
 *     which would else always come first
 * @param searches when its list may be asked for again, by key
 * @param searchers with which lease's client the list failed, by nonce
 */
record JanitorParts(
        Leasing leasing,
        Janitor.Clients clients,
        Janitor.Builds builds,
        Clock clock,
        int concurrency,
        Backoff tokens,
        GroupPauses groups,
        GroupPauses listed,
        GroupPauses searches,
        Backoff searchers) {
    void endPauses() {
        tokens.endPauses();
        groups.endPauses();
        listed.endPauses();
        searches.endPauses();
    }

    void keepOnly(Set<String> nonces) {
        tokens.keepOnly(nonces);
        searchers.keepOnly(nonces);
        leasing.parts().looks().keepOnly(nonces);
        leasing.parts().unmarked().keepOnly(nonces);
    }
}
