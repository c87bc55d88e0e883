package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.Token;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Looks in an organization for the tokens of intents, by the nonces in their descriptions. One call, however many. */
final class NonceSearch implements QwietClient.Listing {
    /**
     * What was found.
     *
     * @param ids of the tokens, by nonce
     * @param begunAt a token made later need not be among them
     * @param whole whether the list was; if not, nothing follows from a token's absence
     */
    record Found(Map<String, List<String>> ids, Instant begunAt, boolean whole) {
        List<String> of(Lease lease) {
            return ids.getOrDefault(lease.nonce(), List.of());
        }
    }

    private final Set<String> nonces;
    private final Map<String, List<String>> ids = new HashMap<>();

    private NonceSearch(Set<String> nonces) {
        this.nonces = nonces;
    }

    static CompletableFuture<Outcome<Found>> begin(QwietClient client, Set<String> nonces, Clock clock) {
        var search = new NonceSearch(nonces);
        Instant now = clock.instant();
        return Outcomes.to(() -> client.list(QwietClient.ListQuery.LIVE, search))
                .thenApply(outcome -> outcome.map(listed -> new Found(search.ids, now, listed.whole())));
    }

    @Override
    public void accept(Token token) {
        TokenDescription.parse(token.description())
                .map(TokenDescription::nonce)
                .filter(nonces::contains)
                .ifPresent(nonce ->
                        ids.computeIfAbsent(nonce, n -> new ArrayList<>()).add(token.id()));
    }

    @Override
    public void restart() {
        ids.clear();
    }
}
