package io.jenkins.plugins.qwiet.bench;

import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Starts of a Jenkins with this plugin, beside starts of one without, by turns. Both have all the other plugins. */
class StartBench {
    private static final int PAIRS = Boolean.getBoolean("bench.quick") ? 1 : 10;

    @RegisterExtension
    private final RealJenkinsExtension with = jenkins("with");

    @RegisterExtension
    private final RealJenkinsExtension without = jenkins("without").omitPlugins("qwiet-ci-token");

    /** How long a start took: by the clock, and how much of the processors. */
    private record Start(double wallMillis, double cpuMillis) {}

    private static RealJenkinsExtension jenkins(String name) {
        // Its time-out would end whichever start is under way by then.
        return new RealJenkinsExtension().withName(name).withTimeout(0);
    }

    @Test
    void row() throws Exception {
        // The first start unpacks plugins.
        start(with);
        start(without);
        var ours = new Start[PAIRS];
        var peers = new Start[PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            if (i % 2 == 0) {
                ours[i] = start(with);
                peers[i] = start(without);
            } else {
                peers[i] = start(without);
                ours[i] = start(with);
            }
        }
        figure("start: with the plugin beside without", ours, peers, Start::wallMillis);
        figure("start: the same, time of the processors", ours, peers, Start::cpuMillis);
    }

    private static void figure(String name, Start[] ours, Start[] peers, ToDoubleFunction<Start> of) {
        double[] withIt = IntStream.range(0, PAIRS)
                .mapToDouble(i -> of.applyAsDouble(ours[i]))
                .toArray();
        double[] withoutIt = IntStream.range(0, PAIRS)
                .mapToDouble(i -> of.applyAsDouble(peers[i]))
                .toArray();
        new Figure(name, "ms", withIt, withoutIt).noDifference();
    }

    private static Start start(RealJenkinsExtension jenkins) throws Exception {
        long began = System.nanoTime();
        jenkins.startJenkins();
        double wallMillis = (System.nanoTime() - began) / 1e6;
        double cpuMillis =
                jenkins.getProcess().info().totalCpuDuration().orElseThrow().toMillis();
        jenkins.stopJenkins();
        return new Start(wallMillis, cpuMillis);
    }
}
