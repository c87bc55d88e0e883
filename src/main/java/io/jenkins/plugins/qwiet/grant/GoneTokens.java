package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.AbstractBuild;
import hudson.model.Run;
import java.time.Instant;

/**
 * When a token for the rest of a build is gone, what its variables held before it is not used in its place: that may be one
 * that never ends. Nor is it taken from the machine on which a process runs, hence the empty text: it takes a variable away
 * ({@code EnvVars.override}).
 */
final class GoneTokens {
    private GoneTokens() {}

    /** For whatever asks for the environment of the build itself: what a process sees is settled, and said, later. */
    static void drop(@NonNull Run<?, ?> run, @NonNull BuildTokens tokens, @NonNull EnvVars env) {
        var owners = new Owners(tokens.getTokens());
        Instant now = JenkinsLeases.get().clock().instant();
        for (String variable : owners.variables()) {
            TokenRecord gone = owners.lastBound(variable);
            if (gone == null || Owners.holding(owners.everSeen(variable), variable, now) != null) {
                continue;
            }
            String there = env.get(variable);
            boolean isOwn = owners.isOwn(variable, there);
            if (there == null && run instanceof AbstractBuild) {
                // Or a process would have it from its machine, or from a wrapper.
                env.put(variable, "");
            } else if (there != null
                    && !isOwn
                    && (owners.wasBefore(variable, there) || !(run instanceof AbstractBuild))) {
                StepVariables.put(env, variable, "");
                tokens.said().dropped(gone, variable);
            }
        }
    }
}
