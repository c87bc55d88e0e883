package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import java.io.IOException;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * When a token for the rest of a build is gone, what its variables held before it is not used in its place: that may be one
 * that never ends. Nor is it taken from the machine on which a process runs, hence the empty text: it takes a variable away
 * ({@code EnvVars.override}).
 */
final class GoneTokens {
    private GoneTokens() {}

    /** For a step of a Pipeline. */
    static void drop(@NonNull StepContext context, @NonNull BuildTokens tokens, @NonNull EnvVars env)
            throws IOException, InterruptedException {
        for (Map.Entry<String, TokenRecord> each : tokens.orphaned().entrySet()) {
            String variable = each.getKey();
            TokenRecord gone = each.getValue();
            String there = env.get(variable);
            if (isOurs(tokens, gone, there)) {
                continue;
            }
            String later = LaterWord.at(context, tokens, gone, variable, there);
            if (later == null) {
                StepVariables.put(env, variable, "");
                // Empty where the environment of the build did without it already.
                if (there != null) {
                    tokens.saysThatItIsGone(gone, variable);
                }
            } else {
                StepVariables.put(env, variable, later);
            }
        }
    }

    /** For whatever asks for the environment of the build itself. Says nothing: what the user has set comes over it. */
    static void drop(@NonNull Run<?, ?> run, @NonNull BuildTokens tokens, @NonNull EnvVars env) {
        tokens.orphaned().forEach((variable, gone) -> {
            String there = env.get(variable);
            if (there == null && run instanceof AbstractBuild) {
                // Or a process would have it from its machine, or from a wrapper.
                env.put(variable, "");
            } else if (there != null
                    && !isOurs(tokens, gone, there)
                    && (isBefore(gone, there) || !(run instanceof AbstractBuild))) {
                StepVariables.put(env, variable, "");
            }
        });
    }

    static boolean isBefore(@NonNull TokenRecord gone, @NonNull String value) {
        return gone.line().before().contains(Marks.of(value));
    }

    /** A block's, or a copy that the user made: dead or not, it is none of before. */
    static boolean isOurs(@NonNull BuildTokens tokens, @NonNull TokenRecord gone, String value) {
        return value != null
                && (value.equals(gone.orgId()) || tokens.isOrganization(value) || tokens.withValue(value) != null);
    }
}
