package io.jenkins.plugins.qwiet.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.jenkins.plugins.qwiet.audit.Audit;
import io.jenkins.plugins.qwiet.audit.StoredReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

/** An audit of a large organization, from the answer's bytes to the finished report, beside Jackson's parser alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class AuditBench {
    private static final double MEGABYTE = 1 << 20;

    private final JsonFactory factory = new JsonFactory();
    private byte[] json;
    private Path directory;
    private StoredReport previous;

    /** Prints the row. */
    static void row() throws RunnerException, IOException {
        byte[] list = TokenList.json(WholeAudit.TOKENS);
        var rounds = Rounds.run(
                AuditBench.class,
                4,
                options -> options.warmupIterations(2)
                        .warmupTime(TimeValue.seconds(Rounds.QUICK ? 1 : 2))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1)),
                "jackson",
                "audit",
                "auditWithDifference");
        double[] jackson = rounds.of("jackson", Rounds.MEDIAN);
        String name = String.format("audit: %d tokens (%.1f MB), all rules", WholeAudit.TOKENS, list.length / 1e6);
        new Figure(name, "ms", rounds.of("audit", Rounds.MEDIAN), jackson).timesPeerAtMost(1.5);
        new Figure(
                        "audit: the same, and the difference from the last one",
                        "ms",
                        rounds.of("auditWithDifference", Rounds.MEDIAN),
                        jackson)
                .timesPeerAtMost(1.5);
        var heap = Rounds.run(
                AuditBench.class,
                3,
                options -> options.mode(Mode.SingleShotTime).warmupIterations(0).measurementIterations(1),
                "heap");
        double[] growth = heap.of(
                "heap", result -> result.getSecondaryResults().get("bytes").getScore() / MEGABYTE);
        new Figure("audit: peak growth of the heap", "MiB", growth, new double[0]).atMost(32);
    }

    @Setup
    public void list() throws IOException {
        json = TokenList.json(WholeAudit.TOKENS);
        directory = Scratch.directory();
        previous = new StoredReport(directory.resolve("previous.gz"));
        previous.write(WholeAudit.of(new ByteArrayInputStream(json), null));
    }

    @TearDown
    public void clear() throws IOException {
        Scratch.delete(directory);
    }

    @Benchmark
    public Audit.Result audit() throws IOException {
        return WholeAudit.of(new ByteArrayInputStream(json), null);
    }

    @Benchmark
    public Audit.Result auditWithDifference() throws IOException {
        return WholeAudit.of(new ByteArrayInputStream(json), previous);
    }

    /** The peer: each token of the JSON in turn, names of fields and texts as Strings, and nothing done with them. */
    @Benchmark
    public long jackson() throws IOException {
        long characters = 0;
        try (var parser = factory.createParser(new ByteArrayInputStream(json))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    characters += parser.currentName().length();
                } else if (token == JsonToken.VALUE_STRING) {
                    characters += parser.getText().length();
                }
            }
        }
        return characters;
    }

    /** Not for its time: the answer streams by, and each megabyte of it what is still in use is counted. */
    @Benchmark
    public Audit.Result heap(HeapInUse heap) throws IOException {
        byte[] answer = json;
        return heap.during(answer, in -> WholeAudit.of(in, previous));
    }
}
