package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Looks for tokens in lists, and says what each list proves, by what this process knows of its own tokens. Safe on any thread. */
final class TokenLists {
    private final LeaseStore store;
    private final Looks looks;
    private final Witnesses witnesses;
    private final Blanks blanks;

    TokenLists(LeaseStore store, Looks looks, Witnesses witnesses, Blanks blanks) {
        this.store = store;
        this.looks = looks;
        this.witnesses = witnesses;
        this.blanks = blanks;
    }

    /** @see NonceSearch */
    CompletableFuture<Outcome<NonceSearch.Found>> search(
            QwietClient client, Key key, Set<String> nonces, Set<String> ids) {
        List<Lease> living = witnesses.of(key);
        Map<String, String> own = new HashMap<>();
        for (Lease lease : store.leases()) {
            if (lease.tokenId() != null && Key.of(lease).equals(key)) {
                own.put(lease.tokenId(), lease.nonce());
            }
        }
        long begunAt = looks.now();
        return NonceSearch.begin(client, nonces, ids, own)
                .thenApply(outcome -> outcome.map(seen -> {
                    if (seen.given() != null) {
                        blanks.areGiven(key, seen.given());
                    }
                    blanks.listed(key, seen.blank());
                    boolean outdated = seen.whole()
                            && witnesses.contradict(
                                    living, seen.own(), begunAt, client.clock().now());
                    return new NonceSearch.Found(
                            seen.ids(),
                            seen.known(),
                            seen.whole() && !outdated,
                            outdated,
                            seen.faint(),
                            begunAt,
                            (lease, faint) -> faint.blank() && blanks.isAnothers(key, lease, faint, begunAt));
                }));
    }
}
