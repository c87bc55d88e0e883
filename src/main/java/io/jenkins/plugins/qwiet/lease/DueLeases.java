package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.QwietClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Sorts the open leases of one pass: what is in use, what is over by itself, and what Qwiet must be asked about. */
final class DueLeases {
    /** Qwiet's clock and ours need not agree to the minute. */
    static final Duration SKEW = Duration.ofMinutes(10);

    private static final Logger LOGGER = Logger.getLogger(DueLeases.class.getName());
    private static final String NO_CREDENTIAL = "No credential for this organization at %s can be had any more"
            + " (credentials id: %s). The token is left to expire unless there is one again.";

    private final Leasing leasing;
    private final Janitor.Clients clients;
    private final Janitor.Builds builds;
    private final Backoff backoff;
    private final Clock clock;
    private final SweepCounter tally;
    private final List<CompletableFuture<Void>> writes = new ArrayList<>();

    DueLeases(
            Leasing leasing,
            Janitor.Clients clients,
            Janitor.Builds builds,
            Backoff backoff,
            Clock clock,
            SweepCounter tally) {
        this.leasing = leasing;
        this.clients = clients;
        this.builds = builds;
        this.backoff = backoff;
        this.clock = clock;
        this.tally = tally;
    }

    /** What to ask Qwiet about: a list for each API address, in it the work for each organization and credential. */
    List<List<OrganizationSweep.Work>> sort() {
        Map<OrganizationSweep.Key, List<Lease>> due = new LinkedHashMap<>();
        for (Lease lease : leasing.store().leases()) {
            due(lease.nonce())
                    .ifPresent(l -> due.computeIfAbsent(
                                    new OrganizationSweep.Key(l.organization(), l.credentialsId()),
                                    key -> new ArrayList<>())
                            .add(l));
        }
        Map<ApiAddress, List<OrganizationSweep.Work>> byAddress = due.entrySet().stream()
                .map(entry -> new OrganizationSweep.Work(entry.getKey(), visits(entry.getKey(), entry.getValue())))
                .filter(work -> !work.visits().isEmpty())
                .collect(Collectors.groupingBy(
                        work -> work.key().organization().address(), LinkedHashMap::new, Collectors.toList()));
        return List.copyOf(byAddress.values());
    }

    /** Completes when what was found while sorting is written. */
    CompletableFuture<Void> written() {
        return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
    }

    private Optional<Lease> due(String nonce) {
        // First this, then the lease: a mint that lands in between has written its id before.
        if (leasing.isMinting(nonce)) {
            tally.kept.incrementAndGet();
            return Optional.empty();
        }
        Optional<Lease> found = leasing.store().find(nonce);
        if (found.isEmpty()) {
            return found;
        }
        Lease lease = found.get();
        if (leasing.revoking().hasEnded(nonce)) {
            end(lease);
            tally.revoked.incrementAndGet();
            return Optional.empty();
        } else if (inUse(lease)) {
            tally.kept.incrementAndGet();
            return Optional.empty();
        } else if (clock.instant().isAfter(lease.expiresAt().plus(SKEW))) {
            end(lease);
            tally.expired.incrementAndGet();
            return Optional.empty();
        } else if (lease.unrevocable()) {
            tally.waiting.incrementAndGet();
            return Optional.empty();
        }
        return found;
    }

    private boolean inUse(Lease lease) {
        if (lease.tokenId() == null || lease.releasedAt() != null) {
            return false;
        }
        try {
            return builds.mayStillUse(lease);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Whether a build runs could not be seen: " + lease.buildId());
            return true;
        }
    }

    private List<OrganizationSweep.Visit> visits(OrganizationSweep.Key key, List<Lease> leases) {
        if (!backoff.mayTry(key) || !backoff.mayTry(key.organization().address())) {
            tally.waiting.addAndGet(leases.size());
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

    private Optional<QwietClient> client(Lease lease) {
        try {
            return clients.clientFor(lease);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "No client for credentials id " + lease.credentialsId());
            return Optional.empty();
        }
    }

    private void withoutClient(Lease lease) {
        tally.waiting.incrementAndGet();
        Instant now = clock.instant();
        writes.add(leasing.revoking().update(lease, l -> l.failed(noCredential(l), now)));
    }

    private static String noCredential(Lease lease) {
        return String.format(NO_CREDENTIAL, lease.organization().address(), lease.credentialsId());
    }

    private void end(Lease lease) {
        writes.add(leasing.revoking().end(lease.nonce()));
    }

    private static String job(Lease lease) {
        int number = lease.buildId().lastIndexOf('#');
        return number < 0 ? lease.buildId() : lease.buildId().substring(0, number);
    }
}
