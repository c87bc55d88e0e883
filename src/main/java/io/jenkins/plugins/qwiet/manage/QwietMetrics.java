package io.jenkins.plugins.qwiet.manage;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricSet;
import com.codahale.metrics.Timer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.qwiet.api.CallWatcher;
import io.jenkins.plugins.qwiet.api.Cause;
import io.jenkins.plugins.qwiet.config.QwietConnections;
import io.jenkins.plugins.qwiet.grant.JenkinsLeases;
import io.jenkins.plugins.qwiet.lease.Lease;
import io.jenkins.plugins.qwiet.lease.LeaseWatcher;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jenkins.metrics.api.MetricProvider;
import org.jenkinsci.plugins.variant.OptionalExtension;

/**
 * What the plugin Metrics shows of tokens. The names are all there from the beginning, none is made of what somebody wrote,
 * and none ever changes its meaning: docs/monitoring.md has them.
 */
@OptionalExtension(requirePlugins = "metrics")
public class QwietMetrics extends MetricProvider {
    private final Map<String, Metric> all = new TreeMap<>();
    private final Map<LeaseWatcher.Work, Counter> successes = new EnumMap<>(LeaseWatcher.Work.class);
    private final Map<LeaseWatcher.Work, Map<Cause, Counter>> failures = new EnumMap<>(LeaseWatcher.Work.class);
    private final Map<CallWatcher.Operation, Timer> calls = new EnumMap<>(CallWatcher.Operation.class);

    public QwietMetrics() {
        var figures = new LeaseFigures();
        for (Lease.State state : Lease.State.values()) {
            String name = state.name().toLowerCase(Locale.ROOT);
            all.put("qwiet.leases." + name, (Gauge<Integer>) () -> figures.in(state));
        }
        all.put("qwiet.leases.resting", (Gauge<Integer>) figures::resting);
        all.put("qwiet.leases.failing.seconds", (Gauge<Long>) figures::failingSeconds);
        for (LeaseWatcher.Work work : LeaseWatcher.Work.values()) {
            successes.put(work, counter("qwiet." + work + ".success"));
            Map<Cause, Counter> byCause = new EnumMap<>(Cause.class);
            for (Cause cause : Cause.values()) {
                byCause.put(cause, counter("qwiet." + work + ".failure." + name(cause)));
            }
            failures.put(work, byCause);
        }
        for (CallWatcher.Operation operation : CallWatcher.Operation.values()) {
            var timer = new Timer();
            calls.put(operation, timer);
            all.put("qwiet.api." + operation, timer);
        }
    }

    private Counter counter(String name) {
        var counter = new Counter();
        all.put(name, counter);
        return counter;
    }

    private static String name(Cause cause) {
        return switch (cause) {
            case UNREACHABLE -> "unreachable";
            case UNAUTHORIZED -> "http-401";
            case FORBIDDEN -> "http-403";
            case TOO_MANY_REQUESTS -> "http-429";
            case SERVER_ERROR -> "http-5xx";
            case HELD_BACK -> "held-back";
            case REFUSED -> "refused";
            case INDETERMINATE -> "indeterminate";
            case CONFIGURATION -> "configuration";
            case DISK -> "disk";
            case OTHER -> "other";
        };
    }

    /** Called once, when they are registered: from then on there is something to count for. */
    @NonNull
    @Override
    public MetricSet getMetricSet() {
        JenkinsLeases.get().watch(this::count);
        QwietConnections.get().watch((operation, nanos) -> calls.get(operation).update(nanos, TimeUnit.NANOSECONDS));
        return metrics(all);
    }

    Map<String, Metric> all() {
        return all;
    }

    private void count(LeaseWatcher.Work work, @CheckForNull Cause failure) {
        (failure == null ? successes.get(work) : failures.get(work).get(failure)).inc();
    }
}
