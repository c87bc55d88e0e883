package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentContributor;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import io.jenkins.plugins.qwiet.config.EffectiveSettings;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells Qwiet's command line where an organization with a host of its own is, in each build that has a token from there. It
 * is no secret, and the same for all tokens of a build; so what a job sets under this name wins, as with any variable.
 */
@Extension
public class ApiHostVariable extends EnvironmentContributor {
    @Override
    public void buildEnvironmentFor(@NonNull Run run, @NonNull EnvVars env, @NonNull TaskListener listener) {
        host((Run<?, ?>) run).ifPresent(host -> {
            String variable = EffectiveSettings.of(run.getParent()).apiHostVariable();
            if (!variable.isEmpty()) {
                StepVariables.put(env, variable, host);
            }
        });
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
