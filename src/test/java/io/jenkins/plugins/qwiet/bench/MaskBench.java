package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.mask.Mask;
import io.jenkins.plugins.qwiet.mask.MaskingOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.credentialsbinding.masking.SecretPatterns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Masking a long log of a build, a megabyte at a time, beside credentials-binding for the same secrets. Their pattern
 * comes from a Jenkins; both streams then work in a JVM that has none.
 */
@WithJenkins
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MaskBench {
    private static final int MOST_TOKENS = 20;
    /** In one build at once. */
    private static final int LIVE_TOKENS = 500;

    private static final int AVERAGED = 50;
    /** Different ones; the log goes on with the first after the last. */
    private static final int MEGABYTES = 10;
    /** As much as a log from an agent arrives in, in bytes. */
    private static final int CHUNK = 8 * 1024;
    /** A line at a time, as the controller writes itself. */
    private static final int LINE = 100;

    @Param({"1", "20"})
    public int tokens;

    /** One line in so many has a secret; none, if 0. */
    @Param({"0", "1000"})
    public int every;

    private final List<byte[]> log = new ArrayList<>();
    private int next;
    private OutputStream ours;
    private OutputStream peer;

    /** Prints the rows. */
    @Test
    void row(JenkinsRule jenkins, @TempDir Path directory) throws Exception {
        List<String> values = values(MOST_TOKENS);
        Files.write(directory.resolve("tokens"), values);
        for (int count : List.of(1, MOST_TOKENS)) {
            Pattern pattern = SecretPatterns.getAggregateSecretPattern(values.subList(0, count));
            Files.writeString(directory.resolve("pattern-" + count), pattern.pattern());
        }
        var rounds = Rounds.run(
                MaskBench.class,
                3,
                options -> options.warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(2)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .jvmArgs("-Xmx1g", "-Dbench.mask=" + directory),
                "ours",
                "peer",
                "oursByLines",
                "peerByLines");
        for (int count : List.of(1, MOST_TOKENS)) {
            for (int each : List.of(0, 1000)) {
                String parameters = " " + each + " " + count;
                String name = String.format(
                        "mask: %s, %s",
                        count == 1 ? "1 token" : count + " tokens",
                        each == 0 ? "no secret in the log" : "a secret in 1 of " + each + " lines");
                new Figure(
                                name,
                                "MB/s",
                                rounds.of("ours" + parameters, Rounds.MEDIAN),
                                rounds.of("peer" + parameters, Rounds.MEDIAN))
                        .timesPeerAtLeast(5);
                new Figure(
                                name + ", 100 bytes at a time",
                                "MB/s",
                                rounds.of("oursByLines" + parameters, Rounds.MEDIAN),
                                rounds.of("peerByLines" + parameters, Rounds.MEDIAN))
                        .timesPeerAtLeast(5);
                new Figure(
                                name + ", allocation a line",
                                "bytes",
                                rounds.of("ours" + parameters, MaskBench::bytesALine),
                                rounds.of("peer" + parameters, MaskBench::bytesALine))
                        .print();
            }
        }
        hidden(values, directory);
        oneByOne();
    }

    /**
     * Tokens that come one by one into a build, none of which goes: what one more costs at the beginning, and when there are
     * many. Within Jenkins, which credentials-binding needs to make its pattern, and so without JMH.
     */
    private static void oneByOne() {
        List<String> values = values(LIVE_TOKENS);
        int warmUps = Rounds.QUICK ? 0 : 3;
        int rounds = Rounds.QUICK ? 1 : 5;
        var first = new double[rounds];
        var last = new double[rounds];
        var peerFirst = new double[rounds];
        var peerLast = new double[rounds];
        for (int round = -warmUps; round < rounds; round++) {
            double[] ours = eachMore(values, MaskBench::addToOurs);
            double[] peers = eachMore(values, MaskBench::addToPeers);
            if (round >= 0) {
                first[round] = average(ours, 0);
                last[round] = average(ours, LIVE_TOKENS - AVERAGED);
                peerFirst[round] = average(peers, 0);
                peerLast[round] = average(peers, LIVE_TOKENS - AVERAGED);
            }
        }
        String name = "mask: one token more, of the ";
        new Figure(name + "first " + AVERAGED, "us", first, peerFirst).timesPeerAtMost(1);
        new Figure(name + "last " + AVERAGED + " of " + LIVE_TOKENS, "us", last, peerLast).timesPeerAtMost(1);
        new Figure(name + "last, beside one of the first", "us", last, first).timesPeerAtMost(1.5);
    }

    private static Object addToOurs(Object mask, List<String> values) {
        return (mask == null ? Mask.none() : (Mask) mask)
                .with(values.stream().map(SecretText::of).toList());
    }

    private static Object addToPeers(Object pattern, List<String> values) {
        return SecretPatterns.getAggregateSecretPattern(values);
    }

    /** In microseconds. */
    private static double[] eachMore(List<String> values, BiFunction<Object, List<String>, Object> with) {
        var times = new double[values.size()];
        Object now = null;
        for (int i = 0; i < times.length; i++) {
            long begin = System.nanoTime();
            now = with.apply(now, values.subList(0, i + 1));
            times[i] = (System.nanoTime() - begin) / 1000.0;
        }
        return times;
    }

    private static double average(double[] times, int from) {
        return Arrays.stream(times, from, from + AVERAGED).average().orElseThrow();
    }

    private static double bytesALine(RunResult result) {
        return result.getSecondaryResults().get("gc.alloc.rate.norm").getScore() / LogText.LINES_A_MEGABYTE;
    }

    /** Tokens as Qwiet makes them. */
    private static List<String> values(int count) {
        try (var qwiet = FakeQwiet.start()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(qwiet.organization().add("bench", "", null, "access").value());
            }
            return values;
        }
    }

    /** How many secrets in one megabyte each of them hides; ours must leave nothing that theirs would have hidden. */
    private static void hidden(List<String> values, Path directory) throws IOException {
        Pattern pattern = pattern(directory, values.size());
        int every = 100;
        byte[] text = new LogText(values, every).megabyte();
        var oursSees = new ByteArrayOutputStream();
        var peerSees = new ByteArrayOutputStream();
        write(text, CHUNK, ours(oursSees, values));
        write(text, CHUNK, peer(peerSees, pattern));
        new Figure(
                        "mask: hidden of " + LogText.LINES_A_MEGABYTE / every + " secrets, plain or encoded",
                        "secrets",
                        new double[] {stars(oursSees)},
                        new double[] {stars(peerSees)})
                .timesPeerAtLeast(1);
        if (pattern.matcher(oursSees.toString(StandardCharsets.UTF_8)).find()) {
            throw new IllegalStateException("the peer would have hidden more");
        }
    }

    private static long stars(ByteArrayOutputStream log) {
        return Pattern.compile("\\*{4}")
                .matcher(log.toString(StandardCharsets.UTF_8))
                .results()
                .count();
    }

    private static Pattern pattern(Path directory, int tokens) throws IOException {
        return Pattern.compile(Files.readString(directory.resolve("pattern-" + tokens)));
    }

    private static OutputStream ours(OutputStream out, List<String> values) {
        Mask mask = Mask.of(values.stream().map(SecretText::of).toList(), StandardCharsets.UTF_8);
        return new MaskingOutputStream(out, () -> mask);
    }

    private static OutputStream peer(OutputStream out, Pattern pattern) {
        return new SecretPatterns.MaskingOutputStream(out, () -> pattern, StandardCharsets.UTF_8.name());
    }

    private static void write(byte[] text, int each, OutputStream masking) throws IOException {
        for (int i = 0; i < text.length; i += each) {
            masking.write(text, i, Math.min(each, text.length - i));
        }
    }

    @Setup
    public void prepare() throws IOException {
        Path directory = Path.of(System.getProperty("bench.mask"));
        List<String> values = Files.readAllLines(directory.resolve("tokens")).subList(0, tokens);
        var text = new LogText(values, every);
        for (int i = 0; i < MEGABYTES; i++) {
            log.add(text.megabyte());
        }
        Pattern pattern = pattern(directory, tokens);
        ours = ours(OutputStream.nullOutputStream(), values);
        peer = peer(OutputStream.nullOutputStream(), pattern);
    }

    @Benchmark
    public void ours() throws IOException {
        write(nextMegabyte(), CHUNK, ours);
    }

    @Benchmark
    public void peer() throws IOException {
        write(nextMegabyte(), CHUNK, peer);
    }

    @Benchmark
    public void oursByLines() throws IOException {
        write(nextMegabyte(), LINE, ours);
    }

    @Benchmark
    public void peerByLines() throws IOException {
        write(nextMegabyte(), LINE, peer);
    }

    private byte[] nextMegabyte() {
        next = (next + 1) % MEGABYTES;
        return log.get(next);
    }
}
