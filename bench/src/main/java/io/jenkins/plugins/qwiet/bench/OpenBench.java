package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.RunnerException;

/** Reads all leases, as each start of Jenkins does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OpenBench {
    private static final int LEASES = 10_000;

    private Path directory;
    private LeaseStore store;

    /** Prints the row. */
    static void row() throws RunnerException {
        var rounds = Rounds.run(
                OpenBench.class, 5, options -> options.warmupIterations(0).measurementIterations(1), "open");
        new Figure("open: 10,000 leases, the first in a JVM", "ms", rounds.of("open", Rounds.MEDIAN), new double[0])
                .atMost(150);
    }

    /** In another process, so that the code that reads is as cold as at a start. */
    @Setup
    public void fill() throws IOException, InterruptedException {
        directory = Scratch.directory();
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenBench.class.getName(),
                        directory.toString())
                .inheritIO()
                .start();
        if (writer.waitFor() != 0) {
            throw new IOException("Could not write " + directory);
        }
    }

    /** Writes the leases. */
    public static void main(String[] directory) throws IOException {
        var organization = new Organization(
                ApiAddress.parse(ApiAddress.DEFAULT), UUID.randomUUID().toString());
        ManyLeases.write(
                Path.of(directory[0]),
                organization,
                Stream.generate(() -> UUID.randomUUID().toString())
                        .limit(LEASES)
                        .toList());
    }

    @TearDown(Level.Iteration)
    public void close() {
        store.close().join();
    }

    @TearDown
    public void clear() throws IOException {
        Scratch.delete(directory);
    }

    @Benchmark
    public int open() throws IOException {
        store = LeaseStore.open(directory, Clock.systemUTC(), ManyLeases.HOME, Runnable::run);
        return store.leases().size();
    }
}
