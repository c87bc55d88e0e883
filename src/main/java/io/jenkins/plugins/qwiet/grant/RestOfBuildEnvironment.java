package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.EnvironmentContributor;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.Secret;

/** Answers, while a build runs, with the tokens that it was given for its rest. */
@Extension
public class RestOfBuildEnvironment extends EnvironmentContributor {
    @Override
    @SuppressWarnings("rawtypes")
    public void buildEnvironmentFor(@NonNull Run run, @NonNull EnvVars env, @NonNull TaskListener listener) {
        var tokens = run.getAction(BuildTokens.class);
        if (tokens == null || !(run.isBuilding() || run.isLogUpdated())) {
            return;
        }
        for (TokenRecord token : tokens.bound()) {
            env.override(token.getVariable(), Secret.toString(token.value()));
            env.override(token.orgVariable(), token.getOrgId());
        }
    }
}
