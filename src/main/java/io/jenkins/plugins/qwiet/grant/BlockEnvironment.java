package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import io.jenkins.plugins.qwiet.redact.ProbedEnvironment;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;

/** Lets a block's steps see its token; each that starts gets the one that is current by then. */
public final class BlockEnvironment extends EnvironmentExpander {
    @Serial
    private static final long serialVersionUID = 1;

    private final IssuedToken token;

    public BlockEnvironment(@NonNull IssuedToken token) {
        this.token = token;
    }

    @Override
    public void expand(@NonNull EnvVars env) {
        if (env instanceof Probe probe) {
            probe.lines.add(token.nonce);
        }
        if (env instanceof ProbedEnvironment probed) {
            BuildTokens.allOf(token).forEach(value -> probed.mayHold(value.getPlainText()));
        }
        put(env, token.variable, BuildTokens.currentOf(token).getPlainText());
        put(env, token.orgVariable, token.orgId);
    }

    /** Otherwise what the script sets by {@code env.NAME =} inside of the block would be without effect. */
    private void put(EnvVars env, String variable, String value) {
        String word = BuildTokens.inScript(token, variable);
        StepVariables.put(env, variable, word == null ? value : word);
    }

    @Override
    public Set<String> getSensitiveVariables() {
        return Set.of(token.variable);
    }

    /** Finds the lines of tokens whose blocks are open around a step, the outermost first. */
    static List<String> linesIn(EnvironmentExpander environment) throws java.io.IOException, InterruptedException {
        var probe = new Probe();
        if (environment != null) {
            environment.expand(probe);
        }
        return probe.lines;
    }

    /** Is asked to be expanded like any environment, and so learns who takes part. */
    private static final class Probe extends EnvVars {
        @Serial
        private static final long serialVersionUID = 1;

        private final ArrayList<String> lines = new ArrayList<>();
    }
}
