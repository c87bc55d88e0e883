package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sorts the open leases of one pass: what is in use, what waits, and what Qwiet must be asked about. */
final class DueLeases {
    private static final Logger LOGGER = Logger.getLogger(DueLeases.class.getName());
    private static final String NO_CREDENTIAL = "No credential for this organization at %s can be had any more"
            + " (credentials id: %s). The token is not revoked unless there is one again.";

    private final Janitor.Parts parts;
    private final boolean everything;
    private final LeaseStore store;
    private final LeaseWriter writer;
    private final Janitor.Counter counter;
    // Credentials depend on the job, never on its build's number, and looking them up is not free.
    private final Map<String, Optional<QwietClient>> clients = new HashMap<>();
    private final List<CompletableFuture<Void>> writes = new ArrayList<>();

    /** @param everything whether to ask about what failed lately, too */
    DueLeases(Janitor.Parts parts, Janitor.Counter counter, boolean everything) {
        this.parts = parts;
        this.everything = everything;
        this.store = parts.leasing().store();
        this.writer = parts.leasing().parts().writer();
        this.counter = counter;
    }

    /** What to ask Qwiet about, for each organization and credential. */
    Collection<OrganizationSweep.Work> find() {
        List<Lease> leases = store.leases();
        Set<String> nonces = new HashSet<>();
        leases.forEach(lease -> nonces.add(lease.nonce()));
        parts.keepOnly(nonces);
        Map<OrganizationSweep.Key, OrganizationSweep.Work> due = new LinkedHashMap<>();
        for (Lease lease : leases) {
            due(lease.nonce())
                    .flatMap(this::visit)
                    .ifPresent(visit -> workOf(due, visit.lease()).add(visit));
        }
        parts.leasing()
                .parts()
                .ended()
                .due()
                .forEach((key, lease) ->
                        client(lease).ifPresent(client -> workOf(due, lease).lookForEnded(client)));
        return due.values();
    }

    private static OrganizationSweep.Work workOf(Map<OrganizationSweep.Key, OrganizationSweep.Work> due, Lease lease) {
        return due.computeIfAbsent(OrganizationSweep.Key.of(lease), OrganizationSweep.Work::new);
    }

    /** Completes when what was found out so far is written. */
    CompletableFuture<Void> written() {
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    }

    private Optional<Lease> due(String nonce) {
        // First this, then the lease: a mint that lands in between has written its id before.
        if (parts.leasing().isMinting(nonce)) {
            return notDue(counter.kept);
        }
        Optional<Lease> found = store.find(nonce);
        if (found.isEmpty()) {
            return found;
        }
        Lease lease = found.get();
        if (inUse(lease)) {
            return notDue(counter.kept);
        } else if (!everything && waits(lease)) {
            return notDue(counter.waiting);
        }
        return found;
    }

    /** Whether somebody else is at it, or it is too early to try again. */
    private boolean waits(Lease lease) {
        if (parts.leasing().parts().revoker().isUnderWay(lease.nonce())) {
            return true;
        }
        var key = OrganizationSweep.Key.of(lease);
        return lease.tokenId() == null
                ? !parts.searches().mayTry(key)
                : !parts.groups().mayTry(key) || !parts.tokens().mayTry(lease.nonce());
    }

    private static Optional<Lease> notDue(AtomicInteger because) {
        because.incrementAndGet();
        return Optional.empty();
    }

    private boolean inUse(Lease lease) {
        if (lease.tokenId() == null || lease.releasedAt() != null) {
            return false;
        }
        try {
            return parts.builds().mayStillUse(lease);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Whether a build runs could not be seen: " + lease.buildId());
            return true;
        }
    }

    private Optional<OrganizationSweep.Visit> visit(Lease lease) {
        Optional<QwietClient> client = client(lease);
        if (client.isEmpty()) {
            withoutClient(lease);
        }
        return client.map(c -> new OrganizationSweep.Visit(lease, c));
    }

    private Optional<QwietClient> client(Lease lease) {
        return clients.computeIfAbsent(OrganizationSweep.Key.of(lease) + " " + job(lease), job -> {
            try {
                return parts.clients().clientFor(lease);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "No client for credentials id " + lease.account());
                return Optional.empty();
            }
        });
    }

    private static String job(Lease lease) {
        int number = lease.buildId().lastIndexOf('#');
        return number < 0 ? lease.buildId() : lease.buildId().substring(0, number);
    }

    private void withoutClient(Lease lease) {
        counter.waiting.incrementAndGet();
        String reason = String.format(NO_CREDENTIAL, lease.organization().address(), lease.account());
        Instant now = parts.clock().instant();
        writes.add(writer.update(lease.nonce(), l -> l.failed(reason, now)));
    }
}
