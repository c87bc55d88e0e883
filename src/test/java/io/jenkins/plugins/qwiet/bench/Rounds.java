package io.jenkins.plugins.qwiet.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs benchmarks by turns, each in a fresh JVM, so that whatever else the machine does meets all of them alike. */
final class Rounds {
    static final boolean QUICK = Boolean.getBoolean("bench.quick");

    /** The median of single calls, or the one result. */
    static final ToDoubleFunction<RunResult> MEDIAN =
            result -> result.getPrimaryResult().getStatistics().getPercentile(50);

    private final int rounds;
    private final Map<String, List<RunResult>> results = new HashMap<>();

    private Rounds(int rounds) {
        this.rounds = rounds;
    }

    /**
     * Runs these methods of a benchmark.
     *
     * @param rounds how often each; once if it has to be quick
     * @param options besides one fork
     */
    static Rounds run(Class<?> benchmark, int rounds, Consumer<ChainedOptionsBuilder> options, String... methods)
            throws RunnerException {
        var runs = new Rounds(QUICK ? 1 : rounds);
        var order = new ArrayList<>(List.of(methods));
        for (int round = 0; round < runs.rounds; round++) {
            for (String method : order) {
                var builder = new OptionsBuilder()
                        .include("^" + benchmark.getName() + "\\." + method + "$")
                        .forks(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT);
                options.accept(builder);
                for (RunResult result : new Runner(builder.build()).run()) {
                    runs.results
                            .computeIfAbsent(method + parameters(result), key -> new ArrayList<>())
                            .add(result);
                }
            }
            Collections.reverse(order);
        }
        return runs;
    }

    private static String parameters(RunResult result) {
        var text = new StringBuilder();
        for (String name : result.getParams().getParamsKeys()) {
            text.append(' ').append(result.getParams().getParam(name));
        }
        return text.toString();
    }

    /**
     * One number for each round.
     *
     * @param name of the method, and its parameters' values, with a blank before each
     */
    double[] of(String name, ToDoubleFunction<RunResult> number) {
        return results.get(name).stream().mapToDouble(number).toArray();
    }
}
