package io.jenkins.plugins.qwiet.lease;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds leases in memory, by nonce or by build. Safe on any thread; changes of one nonce must not overlap. */
final class LeaseIndex {
    private final Map<String, Lease> byNonce = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Lease>> byBuild = new ConcurrentHashMap<>();

    void put(Lease lease) {
        Lease before = byNonce.put(lease.nonce(), lease);
        if (before != null && !before.buildId().equals(lease.buildId())) {
            removeFromBuild(before);
        }
        byBuild.compute(lease.buildId(), (id, leases) -> {
            Map<String, Lease> some = leases == null ? new ConcurrentHashMap<>() : leases;
            some.put(lease.nonce(), lease);
            return some;
        });
    }

    void remove(String nonce) {
        Lease before = byNonce.remove(nonce);
        if (before != null) {
            removeFromBuild(before);
        }
    }

    Optional<Lease> find(String nonce) {
        return Optional.ofNullable(byNonce.get(nonce));
    }

    List<Lease> all() {
        return List.copyOf(byNonce.values());
    }

    List<Lease> ofBuild(String buildId) {
        return List.copyOf(byBuild.getOrDefault(buildId, Map.of()).values());
    }

    private void removeFromBuild(Lease lease) {
        byBuild.computeIfPresent(lease.buildId(), (id, leases) -> {
            leases.remove(lease.nonce());
            return leases.isEmpty() ? null : leases;
        });
    }
}
