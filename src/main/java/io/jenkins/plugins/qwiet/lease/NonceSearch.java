package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Looks in an organization for the tokens of leases, by the nonces in their descriptions and by their ids. One call,
 * however many.
 */
final class NonceSearch implements QwietClient.Listing {
    /**
     * What was found.
     *
     * @param ids of the tokens, by nonce
     * @param known those of the ids looked for that are listed
     * @param whole whether Qwiet listed all tokens; if not, absence means nothing
     * @param begunAt of {@link Looks#now}; a token made later need not be among them
     */
    record Found(Map<String, List<String>> ids, Set<String> known, boolean whole, long begunAt) {
        List<String> of(Lease lease) {
            List<String> all = new ArrayList<>(ids.getOrDefault(lease.nonce(), List.of()));
            String id = lease.tokenId();
            if (id != null && known.contains(id) && !all.contains(id)) {
                all.add(id);
            }
            return all;
        }
    }

    private final Set<String> nonces;
    private final Set<String> knownIds;
    private final Map<String, List<String>> ids = new HashMap<>();
    private final Set<String> known = new HashSet<>();

    private NonceSearch(Set<String> nonces, Set<String> knownIds) {
        this.nonces = nonces;
        this.knownIds = knownIds;
    }

    static CompletableFuture<Outcome<Found>> begin(
            QwietClient client, Set<String> nonces, Set<String> knownIds, long now) {
        var search = new NonceSearch(nonces, knownIds);
        return Outcomes.to(() -> client.list(QwietClient.ListQuery.LIVE, search))
                .thenApply(outcome -> outcome.map(listed -> new Found(search.ids, search.known, listed.whole(), now)));
    }

    @Override
    public void accept(Token token) {
        if (knownIds.contains(token.id())) {
            known.add(token.id());
        }
        TokenDescription.parse(token.description())
                .map(TokenDescription::nonce)
                .filter(nonces::contains)
                .ifPresent(nonce ->
                        ids.computeIfAbsent(nonce, n -> new ArrayList<>()).add(token.id()));
    }

    @Override
    public void restart() {
        ids.clear();
        known.clear();
    }
}
