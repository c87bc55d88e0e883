package io.jenkins.plugins.qwiet.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Timer;
import io.jenkins.plugins.qwiet.lint.Document;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on monitoring, held against the metrics that there are. */
class MonitoringPageTest {
    private static final Document PAGE = Document.page("monitoring");
    private static final String CAUSE = "<cause>";
    private static final Pattern PROMETHEUS = Pattern.compile("\\bqwiet_\\w+");

    private static String name(List<String> row) {
        return row.get(0).replace("`", "");
    }

    private static Stream<String> names(String name) {
        return name.contains(CAUSE)
                ? PAGE.table("Causes").stream().map(row -> name.replace(CAUSE, name(row)))
                : Stream.of(name);
    }

    @Test
    void namesEachMetricAndItsKindAndNoOther() {
        Map<String, String> named = new TreeMap<>();
        PAGE.table("Metrics").forEach(row -> names(name(row)).forEach(name -> named.put(name, row.get(1))));
        Map<String, String> there = new TreeMap<>();
        new QwietMetrics().all().forEach((name, metric) -> {
            if (metric instanceof Gauge<?>) {
                there.put(name, "gauge");
            } else if (metric instanceof Counter) {
                there.put(name, "counter");
            } else if (metric instanceof Timer) {
                there.put(name, "timer");
            }
        });

        assertThat(named).isEqualTo(there);
    }

    @Test
    void namesInPrometheusAreOfMetrics() {
        List<String> there = new QwietMetrics()
                .all().keySet().stream()
                        .map(name -> name.replaceAll("[^a-zA-Z0-9]", "_"))
                        .toList();

        assertThat(PROMETHEUS.matcher(PAGE.text()).results().map(found -> found.group()))
                .isNotEmpty()
                .isSubsetOf(there);
    }

    @Test
    void namesTheHealthCheckAndWhatItSays() {
        assertThat(PAGE.text())
                .contains(
                        "`" + QwietHealthCheck.NAME + "`",
                        Messages.Health_failing("…", "…"),
                        Messages.Health_trouble("…"),
                        Messages.Health_unusable());
    }
}
