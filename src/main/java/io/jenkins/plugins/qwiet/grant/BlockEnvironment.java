package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import io.jenkins.plugins.qwiet.redact.ProbedEnvironment;
import java.io.Serial;
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
        String value = TokenLines.currentOf(token).getPlainText();
        if (env instanceof SetAround around) {
            around.holds(token, value);
            return;
        }
        if (env instanceof ProbedEnvironment probed) {
            TokenLines.allOf(token).forEach(each -> probed.mayHold(each.getPlainText()));
        }
        put(env, token.variable, value);
        put(env, token.orgVariable, token.orgId);
    }

    /** As steps see it: otherwise what was bound or set inside of the block since would be without effect for Groovy. */
    private void put(EnvVars env, String variable, String value) {
        String shown = TokenLines.shownIn(token, variable, env.get(variable));
        StepVariables.put(env, variable, shown == null ? value : shown);
    }

    @Override
    public Set<String> getSensitiveVariables() {
        return Set.of(token.variable);
    }
}
