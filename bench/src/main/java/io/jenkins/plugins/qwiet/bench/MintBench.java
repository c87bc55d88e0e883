package io.jenkins.plugins.qwiet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.qwiet.api.MintedToken;
import io.jenkins.plugins.qwiet.api.NewToken;
import io.jenkins.plugins.qwiet.api.Outcome;
import io.jenkins.plugins.qwiet.api.QwietClients;
import io.jenkins.plugins.qwiet.lease.Account;
import io.jenkins.plugins.qwiet.lease.LeaseStore;
import io.jenkins.plugins.qwiet.lease.Leasing;
import io.jenkins.plugins.qwiet.lease.MintRequest;
import io.jenkins.plugins.qwiet.lease.MintResult;
import io.jenkins.plugins.qwiet.lease.TokenDescription;
import io.jenkins.plugins.qwiet.lease.UnsyncedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** One mint through lease and client, beside the same call made with OkHttp and Jackson alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MintBench {
    private static final MintRequest ORDER = new MintRequest(
            "app #12",
            "scan",
            Duration.ofHours(1),
            Account.ofJenkins("sa"),
            "app#12",
            "https://jenkins.example/job/app/12/");
    private static final MediaType JSON = MediaType.get("application/json");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Supplier<String> nonces = TokenDescription::newNonce;
    private final Clock clock = Clock.systemUTC();
    private final ExecutorService files = Executors.newFixedThreadPool(4);
    private final OkHttpClient http = new OkHttpClient();
    private final QwietClients clients = new QwietClients(clock);
    private QwietProcess qwiet;
    private Path memory;
    private Path disk;
    private Leasing unsynced;
    private Leasing synced;

    /** Prints the row. */
    static void row() throws RunnerException {
        var rounds = Rounds.run(
                MintBench.class,
                4,
                options -> options.warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1)),
                "bare",
                "bareInBackground",
                "api",
                "lease",
                "leaseSynced");
        double[] ours = rounds.of("lease", Rounds.MEDIAN);
        double[] synced = rounds.of("leaseSynced", Rounds.MEDIAN);
        double[] background = rounds.of("bareInBackground", Rounds.MEDIAN);
        new Figure("mint: lease + api, in memory, beside a bare call", "us", ours, rounds.of("bare", Rounds.MEDIAN))
                .timesPeerAtMost(1.1);
        new Figure("mint: the same beside a bare call in the background", "us", ours, background).timesPeerAtMost(1.1);
        new Figure(
                        "mint: api alone beside a bare call in the background",
                        "us",
                        rounds.of("api", Rounds.MEDIAN),
                        background)
                .print();
        new Figure("mint: the same on the disk with sync, beside in memory", "us", synced, ours).print();
    }

    @Setup
    public void start() throws IOException {
        qwiet = QwietProcess.start(0, 0);
        memory = Scratch.inMemory();
        disk = Scratch.directory();
        unsynced = new Leasing(UnsyncedDisk.store(memory, clock, files), clock, nonces);
        synced = new Leasing(LeaseStore.open(disk, clock, ManyLeases.HOME, files), clock, nonces);
    }

    @TearDown
    public void stop() throws IOException {
        files.shutdown();
        clients.close();
        http.dispatcher().executorService().shutdown();
        qwiet.close();
        Scratch.delete(memory);
        Scratch.delete(disk);
    }

    @Benchmark
    public MintResult.Minted lease() {
        return (MintResult.Minted) unsynced.mint(qwiet.client(clients), ORDER).join();
    }

    @Benchmark
    public MintResult.Minted leaseSynced() {
        return (MintResult.Minted) synced.mint(qwiet.client(clients), ORDER).join();
    }

    /** Without a lease. */
    @Benchmark
    public Outcome<MintedToken> api() {
        String description = TokenDescription.describe(ORDER.description(), ORDER.buildUrl(), nonces.get());
        return qwiet.client(clients)
                .create(new NewToken(ORDER.label(), description, ORDER.validFor()))
                .join();
    }

    /** On the calling thread. */
    @Benchmark
    public String bare() throws IOException {
        try (var response = call().execute()) {
            return value(response);
        }
    }

    /** As a caller must do it that cannot wait for the network, such as a Pipeline step. */
    @Benchmark
    public String bareInBackground() throws IOException {
        var value = new CompletableFuture<String>();
        call().enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                value.completeExceptionally(e);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                try (response) {
                    value.complete(value(response));
                }
            }
        });
        return value.join();
    }

    private Call call() throws IOException {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("label", ORDER.label());
        fields.put("description", TokenDescription.describe(ORDER.description(), ORDER.buildUrl(), nonces.get()));
        fields.put("role_id", NewToken.CI_TOKEN_ROLE);
        fields.put("token_type", NewToken.ACCESS);
        fields.put("valid_for_seconds", ORDER.validFor().toSeconds());
        return http.newCall(new Request.Builder()
                .url(qwiet.address() + "/orgs/" + qwiet.organization() + "/tokens")
                .header("Authorization", "Bearer " + qwiet.serviceAccount())
                .post(RequestBody.create(mapper.writeValueAsBytes(fields), JSON))
                .build());
    }

    private String value(Response response) throws IOException {
        JsonNode answer = mapper.readTree(response.body().byteStream());
        return answer.path("response").path("value").textValue();
    }
}
