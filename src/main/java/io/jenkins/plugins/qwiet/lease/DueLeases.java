package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Sorts the open leases of one pass: what is in use, what has expired, and what Qwiet must be asked about. */
final class DueLeases {
    /** Qwiet's clock and ours need not agree to the minute. */
    static final Duration SKEW = Duration.ofMinutes(10);

    private static final Logger LOGGER = Logger.getLogger(DueLeases.class.getName());
    private static final String NO_CREDENTIAL = "No credential for this organization at %s can be had any more"
            + " (credentials id: %s). The token is left to expire unless there is one again.";

    private final Janitor.Parts parts;
    private final LeaseStore store;
    private final LeaseWriter writer;
    private final Instant now;
    private final Janitor.Counter counter;
    private final List<CompletableFuture<Void>> writes = new ArrayList<>();

    DueLeases(Janitor.Parts parts, Janitor.Counter counter) {
        this.parts = parts;
        this.store = parts.leasing().store();
        this.writer = parts.leasing().parts().writer();
        this.now = parts.clock().instant();
        this.counter = counter;
    }

    /** What to ask Qwiet about: a list for each API address, in it the work for each organization and credential. */
    Collection<List<OrganizationSweep.Work>> find() {
        Map<OrganizationSweep.Key, List<Lease>> due = store.leases().stream()
                .flatMap(lease -> due(lease.nonce()).stream())
                .collect(Collectors.groupingBy(OrganizationSweep.Key::of, LinkedHashMap::new, Collectors.toList()));
        Map<ApiAddress, List<OrganizationSweep.Work>> byAddress = new LinkedHashMap<>();
        due.forEach((key, leases) -> {
            List<OrganizationSweep.Visit> visits = visits(key, leases);
            if (!visits.isEmpty()) {
                byAddress
                        .computeIfAbsent(key.organization().address(), address -> new ArrayList<>())
                        .add(new OrganizationSweep.Work(key, visits));
            }
        });
        return byAddress.values();
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
        boolean ended = writer.hasEnded(nonce);
        if (!ended && inUse(lease)) {
            return notDue(counter.kept);
        } else if (ended || now.isAfter(lease.expiresAt().plus(SKEW))) {
            writes.add(writer.end(nonce));
            return notDue(ended ? counter.revoked : counter.expired);
        }
        return lease.unrevocable() ? notDue(counter.waiting) : found;
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

    private List<OrganizationSweep.Visit> visits(OrganizationSweep.Key key, List<Lease> leases) {
        if (!parts.mayTry(key)) {
            counter.waiting.addAndGet(leases.size());
            return List.of();
        }
        // Credentials depend on the job, never on its build's number, and looking them up is not free.
        Map<String, Optional<QwietClient>> byJob = new HashMap<>();
        List<OrganizationSweep.Visit> visits = new ArrayList<>();
        for (Lease lease : leases) {
            byJob.computeIfAbsent(job(lease), job -> client(lease))
                    .ifPresentOrElse(
                            client -> visits.add(new OrganizationSweep.Visit(lease, client)),
                            () -> withoutClient(lease));
        }
        return visits;
    }

    private static String job(Lease lease) {
        int number = lease.buildId().lastIndexOf('#');
        return number < 0 ? lease.buildId() : lease.buildId().substring(0, number);
    }

    private Optional<QwietClient> client(Lease lease) {
        try {
            return parts.clients().clientFor(lease);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "No client for credentials id " + lease.account());
            return Optional.empty();
        }
    }

    private void withoutClient(Lease lease) {
        counter.waiting.incrementAndGet();
        String reason = String.format(NO_CREDENTIAL, lease.organization().address(), lease.account());
        writes.add(writer.update(lease.nonce(), l -> l.failed(reason, now)));
    }
}
