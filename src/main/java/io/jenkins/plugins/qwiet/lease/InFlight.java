package io.jenkins.plugins.qwiet.lease;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Knows which mints this process has under way, so that nothing else touches their intents. Safe on any thread. */
final class InFlight {
    private final Map<String, CompletableFuture<Void>> landings = new ConcurrentHashMap<>();
    /** What was minted, until whoever asked for it says that he has it. */
    private final Set<String> handedOver = ConcurrentHashMap.newKeySet();

    void begin(String nonce) {
        landings.put(nonce, new CompletableFuture<>());
    }

    /** After everything that the mint had to write is written. */
    void end(String nonce) {
        CompletableFuture<Void> landing = landings.remove(nonce);
        if (landing != null) {
            landing.complete(null);
        }
    }

    /** Before {@link #end}, or it would be nowhere for a moment. */
    void handOver(String nonce) {
        handedOver.add(nonce);
    }

    void arrived(String nonce) {
        handedOver.remove(nonce);
    }

    boolean isOnItsWay(String nonce) {
        return isUnderWay(nonce) || handedOver.contains(nonce);
    }

    boolean isUnderWay(String nonce) {
        return landings.containsKey(nonce);
    }

    /** Completes when no mint of that nonce is under way; now, if none is. */
    CompletableFuture<Void> landing(String nonce) {
        CompletableFuture<Void> landing = landings.get(nonce);
        return landing == null ? CompletableFuture.completedFuture(null) : landing.copy();
    }
}
