package io.jenkins.plugins.qwiet.lease;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Finds leases in memory, by nonce, by build, or by the id of the token. Safe on any thread; changes of one nonce must not overlap. */
final class LeaseIndex {
    private final ConcurrentNavigableMap<String, Lease> byNonce = new ConcurrentSkipListMap<>();
    private final Map<String, Map<String, Lease>> byBuild = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Lease>> byToken = new ConcurrentHashMap<>();

    void put(Lease lease) {
        Lease before = byNonce.put(lease.nonce(), lease);
        if (before != null && !before.buildId().equals(lease.buildId())) {
            remove(byBuild, before.buildId(), before);
        }
        if (before != null && !Objects.equals(before.tokenId(), lease.tokenId())) {
            remove(byToken, before.tokenId(), before);
        }
        add(byBuild, lease.buildId(), lease);
        add(byToken, lease.tokenId(), lease);
    }

    /** @return whether it was there */
    boolean remove(String nonce) {
        Lease before = byNonce.remove(nonce);
        if (before != null) {
            remove(byBuild, before.buildId(), before);
            remove(byToken, before.tokenId(), before);
        }
        return before != null;
    }

    Optional<Lease> find(String nonce) {
        return Optional.ofNullable(byNonce.get(nonce));
    }

    /** Whether a nonce begins like that. */
    boolean hasLike(String beginning) {
        String next = byNonce.ceilingKey(beginning);
        return next != null && next.startsWith(beginning);
    }

    List<Lease> all() {
        return List.copyOf(byNonce.values());
    }

    List<Lease> ofBuild(String buildId) {
        return List.copyOf(byBuild.getOrDefault(buildId, Map.of()).values());
    }

    /** Those whose token has that id, in whichever organization. */
    Collection<Lease> ofToken(String id) {
        return byToken.getOrDefault(id, Map.of()).values();
    }

    private static void add(Map<String, Map<String, Lease>> index, @CheckForNull String key, Lease lease) {
        if (key != null) {
            index.compute(key, (k, leases) -> {
                Map<String, Lease> some = leases == null ? new ConcurrentHashMap<>() : leases;
                some.put(lease.nonce(), lease);
                return some;
            });
        }
    }

    private static void remove(Map<String, Map<String, Lease>> index, @CheckForNull String key, Lease lease) {
        if (key != null) {
            index.computeIfPresent(key, (k, leases) -> {
                leases.remove(lease.nonce());
                return leases.isEmpty() ? null : leases;
            });
        }
    }
}
