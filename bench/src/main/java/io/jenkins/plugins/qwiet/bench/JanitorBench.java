package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.api.ConnectionSettings;
import io.jenkins.plugins.qwiet.api.Organization;
import io.jenkins.plugins.qwiet.api.QwietClient;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.lease.Janitor;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
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

/** The first sweep after a start, in a JVM that is as cold as it is then: leases of finished builds, each to be revoked. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class JanitorBench {
    private static final int LATENCY_MILLIS = 5;
    /** As {@code JenkinsLeases} has it. */
    private static final int AT_ONCE = 16;

    @Param("10000")
    private int leases;

    private final Clock clock = Clock.systemUTC();
    private final ExecutorService files = Executors.newFixedThreadPool(4);
    private final QwietClients clients = new QwietClients(clock);
    private final List<String> tokenIds = new ArrayList<>();
    private QwietProcess qwiet;
    private Path directory;

    /** Prints the row. */
    static void row() throws RunnerException {
        int leases = Rounds.QUICK ? 2_000 : 10_000;
        var rounds = Rounds.run(
                JanitorBench.class,
                4,
                options -> options.param("leases", String.valueOf(leases))
                        .warmupIterations(0)
                        .measurementIterations(1),
                "sweep",
                "bare");
        double[] millis = rounds.of("sweep " + leases, Rounds.MEDIAN);
        var bound = new double[millis.length];
        Arrays.fill(bound, (double) leases * LATENCY_MILLIS / AT_ONCE);
        new Figure(
                        String.format("janitor: %d leases at start-up, Qwiet takes %d ms", leases, LATENCY_MILLIS),
                        "ms",
                        millis,
                        bound)
                .timesPeerAtMost(1.5);
        double[] bare = rounds.of("bare " + leases, Rounds.MEDIAN);
        new Figure("janitor: the same beside OkHttp alone, as cold", "ms", millis, bare).print();
    }

    @Setup
    public void fill() throws IOException {
        qwiet = QwietProcess.start(LATENCY_MILLIS, leases);
        directory = Scratch.directory();
        // With clients of their own, that the measured ones begin without a connection.
        try (var others = new QwietClients(clock)) {
            qwiet.client(others)
                    .list(new QwietClient.ListQuery(true, true), token -> tokenIds.add(token.id()))
                    .join();
            var organization = new Organization(ApiAddress.parse(qwiet.address()), qwiet.organization());
            ManyLeases.write(directory, organization, tokenIds);
        }
    }

    @TearDown
    public void stop() throws IOException {
        files.shutdown();
        clients.close();
        qwiet.close();
        Scratch.delete(directory);
    }

    @Benchmark
    public Janitor.Sweep sweep() throws IOException {
        var leasing = new Leasing(
                LeaseStore.open(directory, clock, ManyLeases.HOME, files), clock, TokenDescription::newNonce);
        var bearer = SecretText.of(qwiet.serviceAccount());
        var janitor = new Janitor(
                leasing,
                lease -> Optional.of(clients.client(ConnectionSettings.defaults(), lease.organization(), bearer)),
                lease -> false,
                clock,
                AT_ONCE);
        Janitor.Sweep sweep = janitor.sweep().join();
        if (sweep.revoked() != leases) {
            throw new IllegalStateException("not all are revoked: " + sweep);
        }
        return sweep;
    }

    /** The same calls, as many at a time, with nothing around them: what this machine can do in this state. */
    @Benchmark
    public int bare() throws InterruptedException {
        var dispatcher = new Dispatcher();
        dispatcher.setMaxRequestsPerHost(AT_ONCE);
        var pool = new ConnectionPool(AT_ONCE, 1, TimeUnit.MINUTES);
        var http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(pool)
                .build();
        var gone = new AtomicInteger();
        var left = new CountDownLatch(tokenIds.size());
        for (String id : tokenIds) {
            var request = new Request.Builder()
                    .url(qwiet.address() + "/orgs/" + qwiet.organization() + "/tokens/" + id)
                    .header("Authorization", "Bearer " + qwiet.serviceAccount())
                    .delete()
                    .build();
            http.newCall(request).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    left.countDown();
                }

                @Override
                public void onResponse(Call call, Response response) {
                    if (response.isSuccessful()) {
                        gone.incrementAndGet();
                    }
                    response.close();
                    left.countDown();
                }
            });
        }
        left.await();
        dispatcher.executorService().shutdown();
        pool.evictAll();
        if (gone.get() != leases) {
            throw new IllegalStateException("not all are revoked: " + gone);
        }
        return gone.get();
    }
}
