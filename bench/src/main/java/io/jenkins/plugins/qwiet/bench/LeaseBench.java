package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.UnsyncedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.runner.options.TimeValue;

/** The life of a lease on disk (intent, token, gone) while others are open. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LeaseBench {
    private static final int NUMBER = 1_000_000;

    private final Organization organization = new Organization(
            ApiAddress.parse(ApiAddress.DEFAULT), UUID.randomUUID().toString());

    @Param({"10", "10000"})
    private int others;

    private Path disk;
    private Path memory;
    private LeaseStore synced;
    private LeaseStore unsynced;

    /** Prints the row. */
    static void row() throws RunnerException {
        var rounds = Rounds.run(
                LeaseBench.class,
                4,
                options -> options.warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(2)
                        .measurementTime(TimeValue.seconds(1)),
                "life",
                "lifeInMemory");
        new Figure(
                        "leases: open and close one, 10,000 others beside 10",
                        "us",
                        rounds.of("life 10000", Rounds.MEDIAN),
                        rounds.of("life 10", Rounds.MEDIAN))
                .timesPeerAtMost(1.2);
        new Figure(
                        "leases: the same in memory",
                        "us",
                        rounds.of("lifeInMemory 10000", Rounds.MEDIAN),
                        rounds.of("lifeInMemory 10", Rounds.MEDIAN))
                .timesPeerAtMost(1.2);
    }

    @Setup
    public void fill() throws IOException {
        disk = filled(Scratch.directory());
        memory = filled(Scratch.inMemory());
        synced = LeaseStore.open(disk, Clock.systemUTC(), ManyLeases.HOME, Runnable::run);
        unsynced = UnsyncedDisk.store(memory, Clock.systemUTC(), Runnable::run);
    }

    private Path filled(Path directory) throws IOException {
        ManyLeases.write(
                directory,
                organization,
                Stream.generate(() -> UUID.randomUUID().toString())
                        .limit(others)
                        .toList());
        return directory;
    }

    @TearDown
    public void clear() throws IOException {
        Scratch.delete(disk);
        Scratch.delete(memory);
    }

    @Benchmark
    public void life() throws IOException {
        live(synced);
    }

    @Benchmark
    public void lifeInMemory() throws IOException {
        live(unsynced);
    }

    private void live(LeaseStore store) throws IOException {
        var intent = ManyLeases.of(NUMBER, organization, null);
        store.put(intent).join();
        store.put(ManyLeases.of(NUMBER, organization, "2b0d1f4e-0000-4000-8000-000000000001"))
                .join();
        store.remove(intent.nonce()).join();
    }
}
