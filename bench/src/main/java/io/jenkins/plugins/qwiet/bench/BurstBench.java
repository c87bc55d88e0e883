package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.RunnerException;

/** A burst: so many builds want a token at the same moment, and Qwiet takes its time. Leases are synced as in earnest. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class BurstBench {
    private static final int MINTS = 500;
    private static final int LATENCY_MILLIS = 200;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Clock clock = Clock.systemUTC();

    @Param({"disk", "memory"})
    private String leases;

    private QwietProcess qwiet;
    private Path directory;
    private QwietClients clients;
    private ExecutorService files;
    private Leasing leasing;
    private int threadsBefore;

    /** Platform threads at the peak that were not there before anything of ours was. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Extra {
        public double threads;
    }

    /** Prints the row. */
    static void row() throws RunnerException {
        var rounds = Rounds.run(
                BurstBench.class,
                5,
                options -> options.warmupIterations(2).measurementIterations(1),
                "mints",
                "filesAlone");
        String name = "burst: " + MINTS + " mints at once, Qwiet takes " + LATENCY_MILLIS + " ms";
        new Figure(name, "ms", rounds.of("mints disk", Rounds.MEDIAN), new double[0]).atMost(3 * LATENCY_MILLIS);
        new Figure("burst: the same, leases in memory", "ms", rounds.of("mints memory", Rounds.MEDIAN), new double[0])
                .atMost(3 * LATENCY_MILLIS);
        new Figure(
                        "burst: its files alone, on the disk",
                        "ms",
                        rounds.of("filesAlone disk", Rounds.MEDIAN),
                        new double[0])
                .print();
        double[] threads = rounds.of(
                "mints disk",
                result -> result.getSecondaryResults().get("threads").getScore());
        new Figure("burst: extra threads at the peak", "threads", threads, new double[0]).atMost(8);
    }

    @Setup
    public void start() throws IOException {
        qwiet = QwietProcess.start(LATENCY_MILLIS, 0);
        directory = leases.equals("disk") ? Scratch.directory() : Scratch.inMemory();
        threadsBefore = THREADS.getThreadCount();
        clients = new QwietClients(clock);
        files = Executors.newFixedThreadPool(4);
        leasing = new Leasing(
                LeaseStore.open(directory, clock, ManyLeases.HOME, files), clock, TokenDescription::newNonce);
    }

    @TearDown
    public void stop() throws IOException {
        files.shutdown();
        clients.close();
        qwiet.close();
        Scratch.delete(directory);
    }

    @Benchmark
    public void mints(Extra extra) {
        THREADS.resetPeakThreadCount();
        CompletableFuture<?>[] mints =
                IntStream.range(0, MINTS).mapToObj(this::mint).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(mints).join();
        extra.threads = THREADS.getPeakThreadCount() - threadsBefore;
    }

    /** What the disk takes: for each of the mints an intent and, in its place, a lease with an id, each synced. */
    @Benchmark
    public void filesAlone() {
        LeaseStore store = leasing.store();
        CompletableFuture.allOf(IntStream.range(0, MINTS)
                        .mapToObj(build ->
                                write(store, build, null).thenCompose(intent -> write(store, build, "token-" + build)))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    private CompletableFuture<Void> write(LeaseStore store, int build, String tokenId) {
        return store.put(ManyLeases.of(
                build, new Organization(ApiAddress.parse(qwiet.address()), qwiet.organization()), tokenId));
    }

    private CompletableFuture<MintResult.Minted> mint(int build) {
        String id = "app#" + build;
        var order = new MintRequest(
                id,
                "burst",
                Duration.ofHours(1),
                Account.ofJenkins("sa"),
                id,
                "https://jenkins.example/job/app/" + build + "/");
        // A cast that fails fails the benchmark: every one of them has to be minted.
        return leasing.mint(qwiet.client(clients), order).thenApply(MintResult.Minted.class::cast);
    }
}
