package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import io.jenkins.plugins.qwiet.lease.UnsyncedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/** Mints on a volume on a network: each sync takes 10 ms, simulated. Qwiet answers at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SlowDiskBench {
    private static final int SYNC_MILLIS = 10;

    @Param({"1", "50"})
    private int mints;

    private final Clock clock = Clock.systemUTC();
    private final AtomicInteger syncs = new AtomicInteger();
    private QwietProcess qwiet;
    private Path directory;
    private QwietClients clients;
    private ExecutorService files;
    private Leasing leasing;

    /** How often the disk was waited for. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Waits {
        public double syncs;
    }

    /** Prints the row. */
    static void row() throws RunnerException {
        var rounds = Rounds.run(
                SlowDiskBench.class, 5, options -> options.warmupIterations(10).measurementIterations(1), "mint");
        for (int mints : new int[] {1, 50}) {
            String name = "slow: " + mints + " mints at once, a sync takes " + SYNC_MILLIS + " ms";
            new Figure(name, "ms", rounds.of("mint " + mints, Rounds.MEDIAN), new double[0]).print();
            double[] syncs = rounds.of(
                    "mint " + mints,
                    result -> result.getSecondaryResults().get("syncs").getScore());
            new Figure(name + ", syncs", "syncs", syncs, new double[0]).atMost(4);
        }
    }

    @Setup
    public void start() throws IOException {
        qwiet = QwietProcess.start(0, 0);
        directory = Scratch.inMemory();
        clients = new QwietClients(clock);
        files = Executors.newFixedThreadPool(4);
        leasing = new Leasing(
                UnsyncedDisk.store(directory, clock, files, SYNC_MILLIS, syncs), clock, TokenDescription::newNonce);
    }

    @TearDown
    public void stop() throws IOException {
        files.shutdown();
        clients.close();
        qwiet.close();
        Scratch.delete(directory);
    }

    @Benchmark
    public void mint(Waits waits) {
        int before = syncs.get();
        CompletableFuture.allOf(IntStream.range(0, mints).mapToObj(this::mint).toArray(CompletableFuture<?>[]::new))
                .join();
        waits.syncs = syncs.get() - before;
    }

    private CompletableFuture<MintResult.Minted> mint(int build) {
        String id = "app#" + build;
        var order = new MintRequest(
                id,
                "slow",
                Duration.ofHours(1),
                Account.ofJenkins("sa"),
                id,
                "https://jenkins.example/job/app/" + build + "/");
        return leasing.mint(qwiet.client(clients), order).thenApply(MintResult.Minted.class::cast);
    }
}
