package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.lease.OrganizationSweep.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks for tokens in lists, and says what each list proves, by what this process knows of its own tokens. Safe on any thread. */
final class TokenLists {
    private final LeaseStore store;
    private final Looks looks;
    private final Witnesses witnesses;
    private final Unmarked unmarked;
    private final TokensTaken taken;

    TokenLists(LeaseStore store, Looks looks, Witnesses witnesses, Unmarked unmarked, TokensTaken taken) {
        this.store = store;
        this.looks = looks;
        this.witnesses = witnesses;
        this.unmarked = unmarked;
        this.taken = taken;
    }

    /** @see NonceSearch */
    CompletableFuture<NonceSearch.Found> search(
            QwietClient client, Key key, Collection<Lease> leases, Set<String> ids) {
        List<Lease> living = witnesses.of(key);
        Map<String, String> own = own(key.organization());
        long begunAt = looks.now();
        return NonceSearch.begin(client, leases, ids, own, id -> unmarked.firstListed(key, id))
                .thenApply(seen -> {
                    // Our own clock alone may be any.
                    boolean told = client.clock().isKnown();
                    Instant atLeast = client.clock().atLeast();
                    store.others().forgetOver(key.organization(), client.clock());
                    seen.ids().forEach((nonce, its) -> its.forEach(id -> taken.was(key.organization(), id, nonce)));
                    unmarked.listed(key, seen.unmarked(), seen.whole());
                    boolean mayBeWhole =
                            seen.whole() || seen.moved() || !seen.unexplained().isEmpty();
                    boolean outdated =
                            mayBeWhole && witnesses.contradict(key, living, nonces(seen.own()), begunAt, atLeast, told);
                    return new NonceSearch.Found(
                            seen.ids(),
                            seen.known(),
                            seen.whole() && !outdated,
                            outdated,
                            seen.moved(),
                            seen.readThrough() && !outdated,
                            seen.failure(),
                            lease -> mayBeWhole && !outdated && unmarked.isSurelyOver(lease, seen.namesEnds(), begunAt),
                            seen.unexplained(),
                            begunAt,
                            lease -> unmarked.mayHide(lease, seen.suspects(), seen.own(), begunAt),
                            seen.suspects()::showTwin);
                });
    }

    /** A list that was asked for then leaves open whether there is a token. Says how long lists have since this last was said. */
    Duration leftOpen(String nonce, long begunAt) {
        return unmarked.leftOpen(nonce, begunAt);
    }

    private static Set<String> nonces(List<Unmarked.Own> own) {
        return own.stream().map(Unmarked.Own::nonce).collect(Collectors.toSet());
    }

    /** Whichever account made them, and whosever they are: none of these is a token that is looked for. */
    private Map<String, String> own(Organization organization) {
        Map<String, String> own = new HashMap<>();
        Stream.concat(store.leases().stream(), store.others().all().stream())
                .filter(lease -> lease.tokenId() != null && lease.organization().equals(organization))
                .forEach(lease -> own.put(lease.tokenId(), lease.nonce()));
        return own;
    }
}
