package io.jenkins.plugins.qwiet.grant;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long the tokens of a line have lived at least: what passed in this process since they were known. A clock that somebody
 * sets makes none of them older. Safe on any thread.
 */
final class TokenAges {
    private final LongSupplier nanoTime;
    private final Map<String, Long> knownSince = new ConcurrentHashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    TokenAges(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** These are all that there are now. */
    void know(Collection<TokenRecord> line) {
        long now = nanoTime.getAsLong();
        knownSince.keySet().retainAll(line.stream().map(TokenRecord::nonce).toList());
        line.forEach(token -> knownSince.putIfAbsent(token.nonce(), now));
    }

    /** Whether it has lived as long as it can. */
    boolean isOver(TokenRecord token) {
        Long since = knownSince.get(token.nonce());
        return since != null
                && nanoTime.getAsLong() - since
                        >= TimeUnit.SECONDS.toNanos(token.longestLife().toSeconds());
    }
}
