package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentContributor;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.config.EffectiveSettings;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells Qwiet's command line where an organization with a host of its own is, in each build that has a token from there. It
 * is no secret, and the same for all tokens of a build; so what a job sets under this name wins, as with any variable, unless that is
 * nothing.
 */
@Extension
public class ApiHostVariable extends EnvironmentContributor {
    @Override
    public void buildEnvironmentFor(@NonNull Run run, @NonNull EnvVars env, @NonNull TaskListener listener) {
        of((Run<?, ?>) run).ifPresent(set -> StepVariables.put(env, set.getKey(), set.getValue()));
    }

    /** An empty parameter, say, is nobody's word: the token would be sent to the shared host. */
    static void fill(@NonNull Run<?, ?> run, @NonNull EnvVars env) {
        of(run).ifPresent(set -> {
            if (env.get(set.getKey(), "").isEmpty()) {
                StepVariables.put(env, set.getKey(), set.getValue());
            }
        });
    }

    /** The variable with what it is to hold; empty if nothing. */
    @NonNull
    static Optional<Map.Entry<String, String>> of(@NonNull Run<?, ?> run) {
        return host(run)
                .map(host -> Map.entry(EffectiveSettings.of(run.getParent()).apiHostVariable(), host))
                .filter(set -> !set.getKey().isEmpty());
    }

    private static Optional<String> host(Run<?, ?> run) {
        return BuildTokens.of(run).stream()
                .flatMap(tokens -> tokens.getTokens().stream())
                .filter(TokenRecord::isCurrent)
                .map(TokenRecord::origin)
                .filter(Objects::nonNull)
                .map(origin -> new ApiAddress(origin.apiAddress()))
                .filter(address -> !address.isShared())
                .map(ApiAddress::hostAndPort)
                .reduce((older, newer) -> newer);
    }
}
