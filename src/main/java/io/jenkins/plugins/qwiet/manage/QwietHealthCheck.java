package io.jenkins.plugins.qwiet.manage;

import com.codahale.metrics.health.HealthCheck;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import jenkins.metrics.api.HealthCheckProvider;
import org.jenkinsci.plugins.variant.OptionalExtension;

/** {@link Health} as a health check of the plugin Metrics. */
@OptionalExtension(requirePlugins = "metrics")
public class QwietHealthCheck extends HealthCheckProvider {
    static final String NAME = "qwiet-ci-tokens";

    @NonNull
    @Override
    public Map<String, HealthCheck> getHealthChecks() {
        var health = new Health();
        return Map.of(NAME, new HealthCheck() {
            @Override
            protected Result check() {
                return health.problem()
                        .map(problem -> Result.unhealthy(problem))
                        .orElseGet(() -> Result.healthy());
            }
        });
    }
}
