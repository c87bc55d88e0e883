package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentContributor;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.ApiAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells Qwiet's command line where an organization with a host of its own is, in each build that has a token from there, under
 * the name that was set when the token was created: a build must not lose it since, nor get it under a name that nobody
 * checked. It is no secret, and the same for all tokens of a build; so what a job sets under this name wins, as with any
 * variable, unless that is nothing.
 */
@Extension
public class ApiHostVariable extends EnvironmentContributor {
    @Override
    public void buildEnvironmentFor(@NonNull Run run, @NonNull EnvVars env, @NonNull TaskListener listener) {
        of((Run<?, ?>) run).forEach((variable, host) -> StepVariables.put(env, variable, host));
    }

    /** An empty parameter, say, is nobody's word: the token would be sent to the shared host. */
    static void fill(@NonNull Run<?, ?> run, @NonNull EnvVars env) {
        of(run).forEach((variable, host) -> {
            if (env.get(variable, "").isBlank()) {
                StepVariables.put(env, variable, host);
            }
        });
    }

    /** The variables with what they are to hold, of each token that is held; mostly there is one at most. */
    @NonNull
    static Map<String, String> of(@NonNull Run<?, ?> run) {
        // As hudson.EnvVars sees names.
        var hosts = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        List<TokenRecord> tokens =
                BuildTokens.of(run).map(BuildTokens::getTokens).orElse(List.of());
        for (TokenRecord token : tokens) {
            LeaseOrigin origin = token.origin();
            String variable = token.line().hostVariable();
            if (token.isCurrent() && origin != null && !variable.isEmpty()) {
                var address = new ApiAddress(origin.apiAddress());
                if (!address.isShared()) {
                    hosts.put(variable, address.hostAndPort());
                }
            }
        }
        return hosts;
    }
}
