package io.jenkins.plugins.qwiet.bench;

import io.jenkins.plugins.qwiet.bench.SoakJobs.Measured;
import io.jenkins.plugins.qwiet.fake.FakeQwiet;
import io.jenkins.plugins.qwiet.fake.Fault;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * As many builds as a Jenkins with four agents can do, in all forms, some of which outlive their tokens, while one call in twenty
 * fails. What may grow is measured at the beginning, when all code has run often, in the middle and at the end, between builds.
 */
class SoakBench {
    private static final int MINUTES = Boolean.getBoolean("bench.quick") ? 2 : Integer.getInteger("bench.minutes", 60);
    private static final double FAILING = 0.05;
    private static final int PAUSE_MINUTES = 4;
    /** The cleanup looks twice for a token whose answer was lost, ten minutes apart, and where that fails later once more. */
    private static final int LAST_MINUTES = 60;

    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension().withTimeout(0);

    @Test
    void row() throws Throwable {
        try (FakeQwiet qwiet = FakeQwiet.start()) {
            jenkins.startJenkins();
            jenkins.runRemotely(
                    SoakJobs::create,
                    qwiet.address(),
                    qwiet.organization().id(),
                    qwiet.organization().serviceAccount());
            qwiet.faultRandomly(
                    FAILING,
                    new Random(1),
                    List.of(
                            Fault.status(Operation.ANY, 500, "INTERNAL", "for now"),
                            Fault.unavailable(Operation.ANY, "1"),
                            Fault.tooManyRequests(Operation.ANY, "1"),
                            Fault.slowHeaders(Operation.ANY, Duration.ofSeconds(2)),
                            Fault.cutBefore(Operation.ANY),
                            Fault.cutAfter(Operation.ANY),
                            Fault.html(Operation.ANY, 502)));

            Measured begin = after(MINUTES / 5.0, PAUSE_MINUTES);
            Measured middle = after(MINUTES * 2 / 5.0, PAUSE_MINUTES);
            Measured end = after(MINUTES * 2 / 5.0, LAST_MINUTES);

            String name = "soak: " + Figure.plain(end.builds()) + " builds, "
                    + qwiet.organization().minted() + " tokens, ";
            flat(name + "heap after full collections", "MiB", Measured::megabytes, begin, middle, end);
            flat(name + "threads", "threads", Measured::threads, begin, middle, end);
            flat(name + "open files", "files", Measured::openFiles, begin, middle, end);
            flat(name + "files in the home", "files", Measured::files, begin, middle, end);
            none(name + "open leases at the end", "leases", end.leases());
            none(
                    name + "tokens left at the end",
                    "tokens",
                    qwiet.organization().liveTokens().size());
        }
    }

    private Measured after(double minutes, int patienceMinutes) throws Throwable {
        jenkins.runRemotely(SoakJobs::goOn);
        TimeUnit.SECONDS.sleep(Math.round(minutes * 60));
        return jenkins.runRemotely(SoakJobs::measure, patienceMinutes);
    }

    private static void flat(
            String name,
            String unit,
            ToDoubleFunction<Measured> number,
            Measured begin,
            Measured middle,
            Measured end) {
        double[] first = {number.applyAsDouble(begin)};
        new Figure(name + ", middle beside beginning", unit, new double[] {number.applyAsDouble(middle)}, first)
                .print();
        new Figure(name + ", end beside beginning", unit, new double[] {number.applyAsDouble(end)}, first)
                .timesPeerAtMost(1.1);
    }

    private static void none(String name, String unit, double number) {
        new Figure(name, unit, new double[] {number}, new double[0]).atMost(0);
    }
}
