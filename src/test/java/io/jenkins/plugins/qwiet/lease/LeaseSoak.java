package io.jenkins.plugins.qwiet.lease;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.OnOtherTime;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.OverHttp2;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.RetryLimits;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.Dialect;
import io.jenkins.plugins.qwiet.fake.FakeClock;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.ManInTheMiddle;
import io.jenkins.plugins.qwiet.fake.Meddling;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many builds, each of which mints, uses and revokes a token, while calls fail at random and a janitor sweeps. Half of the
 * failures are Qwiet's own; half are those of a man in the middle, to whom one half of the builds speaks HTTP/1.1 and the
 * other HTTP/2. Qwiet changes its dialect as it goes.
 *
 * <p>Arguments: builds (2000), per cent of calls that fail (20), seed (1). Prints one line; ends with status 1 if a
 * token or a lease is left. Tokens live for a day and the clock goes an hour at most, so none is gone by expiry.
 */
final class LeaseSoak implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final RetryLimits LIMITS = new RetryLimits(2, Duration.ofMillis(5), Duration.ofSeconds(1));
    private static final Duration LATE = HttpFaults.CALL_TIMEOUT.plusMillis(200);
    private static final int MOST_SWEEPS = 20;

    /** What it comes to. */
    record Figures(
            int builds,
            long made,
            int handedOut,
            int revokedByBuilds,
            int sweeps,
            long calls,
            int left,
            int leasesLeft) {}

    private final FakeClock clock = new FakeClock(Leases.TEN);
    private final FakeQwiet qwiet = FakeQwiet.start(clock);
    private final QwietClients clients = OnOtherTime.clients(clock, this::nanos, LIMITS);
    private final QwietClients http2 = OverHttp2.clients(clock, this::nanos, LIMITS);
    private final ManInTheMiddle man;
    private final Random random;
    private final ExecutorService fileWork = Executors.newFixedThreadPool(4);
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger handedOut = new AtomicInteger();
    private final AtomicInteger revoked = new AtomicInteger();
    private final Path directory;
    private final Leasing leasing;
    private final Janitor janitor;

    LeaseSoak(Path directory, double failing, long seed) throws IOException {
        this.directory = directory;
        leasing = new Leasing(
                Leases.store(directory, clock, new Leases.UnlockedDisk(), fileWork), clock, TokenDescription::newNonce);
        janitor = new Janitor(
                leasing,
                lease -> Optional.of(client(lease.buildId())),
                lease -> running.contains(lease.buildId()),
                clock,
                8);
        random = new Random(seed);
        man = new ManInTheMiddle(qwiet.address(), LATE);
        qwiet.faultRandomly(failing / 2, new Random(seed), HttpFaults.passing(Operation.ANY));
        man.meddle(failing / 2, new Random(seed), List.of(Meddling.values()));
    }

    /** What really passes, and what the clock is advanced by. */
    private long nanos() {
        return System.nanoTime() + Duration.between(Leases.TEN, clock.instant()).toNanos();
    }

    /** Runs the builds, then the janitor until it has nothing left to do. */
    Figures run(int builds) throws InterruptedException, IOException {
        var free = new Semaphore(AT_ONCE);
        int sweeps = 0;
        int dialect = 0;
        for (int number = 1; number <= builds; number++) {
            free.acquire();
            if (number % (builds / Dialect.values().length + 1) == 1) {
                qwiet.speak(Dialect.values()[dialect++], random);
            }
            build("shop#" + number).whenComplete((done, thrown) -> free.release());
            if (number % 200 == 0) {
                clock.advance(Duration.ofHours(1).dividedBy(builds / 200 + 1));
                janitor.sweep().join();
                sweeps++;
            }
        }
        free.acquire(AT_ONCE);
        man.awaitQuiet();
        qwiet.clearFaults();
        man.meddle(operation -> Meddling.NONE);
        for (int i = 0; i < MOST_SWEEPS && isAnythingLeft(); i++) {
            clock.advance(LeaseRevoker.SETTLE);
            janitor.sweep().join();
            sweeps++;
        }
        leasing.store().close().join();
        return new Figures(
                builds,
                qwiet.organization().minted(),
                handedOut.get(),
                revoked.get(),
                sweeps,
                qwiet.calls(Operation.ANY),
                qwiet.organization().liveTokens().size(),
                Leases.store(directory, clock).leases().size());
    }

    /** A token that was made twice for one lease is found out by the janitor after that has ended. */
    private boolean isAnythingLeft() {
        return !leasing.store().leases().isEmpty()
                || !qwiet.organization().liveTokens().isEmpty();
    }

    private CompletableFuture<?> build(String id) {
        running.add(id);
        var order = new MintRequest(
                id,
                "soak",
                Duration.ofDays(1),
                Account.ofJenkins("service-account"),
                id,
                "https://jenkins.example/" + id.replace('#', '/'));
        return leasing.mint(client(id), order)
                .thenCompose(result -> {
                    if (result instanceof MintResult.Minted minted) {
                        handedOut.incrementAndGet();
                        return leasing.revoke(client(id), minted.lease());
                    }
                    return CompletableFuture.completedFuture(new Revocation.Failed("nothing was minted"));
                })
                .whenComplete((revocation, thrown) -> {
                    if (revocation instanceof Revocation.Revoked) {
                        revoked.incrementAndGet();
                    }
                    running.remove(id);
                });
    }

    private QwietClient client(String buildId) {
        var organization = new Organization(
                ApiAddress.parse(man.address()), qwiet.organization().id());
        var settings = new ConnectionSettings(Duration.ofSeconds(2), HttpFaults.CALL_TIMEOUT, null, "lease soak");
        return (buildId.hashCode() % 2 == 0 ? clients : http2)
                .client(
                        settings,
                        organization,
                        SecretText.of(qwiet.organization().serviceAccount()));
    }

    @Override
    public void close() {
        clients.close();
        http2.close();
        man.close();
        qwiet.close();
        fileWork.shutdown();
    }

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int builds = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
        int percent = args.length > 1 ? Integer.parseInt(args[1]) : 20;
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        long begun = System.nanoTime();
        Figures figures;
        try (var soak =
                new LeaseSoak(Files.createTempDirectory("lease-soak").resolve("leases"), percent / 100.0, seed)) {
            figures = soak.run(builds);
        }
        System.out.printf(
                Locale.ROOT,
                "builds %d, calls %d (%d %% failing), tokens minted %d, handed out %d, revoked by builds %d,"
                        + " sweeps %d, tokens left %d, leases left %d, %.1f s%n",
                figures.builds(),
                figures.calls(),
                percent,
                figures.made(),
                figures.handedOut(),
                figures.revokedByBuilds(),
                figures.sweeps(),
                figures.left(),
                figures.leasesLeft(),
                (System.nanoTime() - begun) / 1e9);
        System.exit(figures.left() + figures.leasesLeft() == 0 ? 0 : 1);
    }
}
