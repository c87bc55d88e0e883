package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.redact.CopiedVariables;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.support.actions.EnvironmentAction;

/**
 * What the user set a token's variable to after the token was bound to it: by a block that was begun later, or by {@code
 * env.NAME =} in the script. All else was there before, wherever it stood.
 */
final class LaterWord {
    private LaterWord() {}

    /**
     * What the user wants to stand in a variable of a token that is for the rest of the build.
     *
     * @param there what stands in it now, around the step; null for nothing
     * @return null if the user has set nothing since
     */
    @CheckForNull
    static String at(
            @NonNull StepContext context,
            @NonNull BuildTokens tokens,
            @NonNull TokenRecord token,
            @NonNull String variable,
            @CheckForNull String there)
            throws IOException, InterruptedException {
        String value = there == null ? "" : there;
        long bound = token.line().boundAt();
        FlowNode node = context.get(FlowNode.class);
        if (node != null && OpenBlocks.setSince(node, bound, variable)) {
            return value;
        }
        Run<?, ?> run = context.get(Run.class);
        String script = run == null ? null : inScript(run, tokens, token, variable);
        if (script != null) {
            return script;
        }
        if (value.isEmpty() || isBefore(token, value) || node == null || !OpenBlocks.anySince(node, bound)) {
            return null;
        }
        if (tokens.withValue(value) != null) {
            // No other plugin made that: a block that was open before, or whose token is gone.
            return null;
        }
        // A block of any other plugin: what blocks that were open before set, is known.
        EnvVars around = run == null ? new EnvVars() : run.getEnvironment(TaskListener.NULL);
        return SetVariable.by(context.get(EnvironmentExpander.class), variable, around)
                        .contains(value)
                ? value
                : null;
    }

    private static boolean isBefore(TokenRecord token, String value) {
        return token.line().before().contains(Marks.of(value));
    }

    /** What the script itself set a variable to since a token was bound to it or, by a block, put there; null for nothing. */
    @CheckForNull
    static String inScript(
            @NonNull Run<?, ?> run, @NonNull BuildTokens tokens, @NonNull TokenRecord token, @NonNull String variable) {
        for (Map.Entry<String, String> each : ofScript(run).entrySet()) {
            String value = each.getValue();
            if (each.getKey().equalsIgnoreCase(variable)
                    && !isBefore(token, value)
                    && !givesWay(tokens, token, variable, value)) {
                return value;
            }
        }
        return null;
    }

    /** Whether it is a token of the build of which nobody said that it is to stand in place of this one. */
    private static boolean givesWay(BuildTokens tokens, TokenRecord token, String variable, String value) {
        TokenRecord own = tokens.withValue(value);
        if (own == null) {
            return false;
        }
        boolean isOfLine = own.lineId().equals(token.lineId()) || isBeforeLine(token, own.lineId());
        boolean isDead = tokens.current(own.lineId()).isEmpty();
        // What a block has in the same variable is copied by `env.NAME = env.NAME` for that block, in whatever branch.
        boolean isOfBlock = own.use() == TokenRecord.Use.HELD && own.holds(variable);
        return isOfLine || isDead || isOfBlock;
    }

    private static boolean isBeforeLine(TokenRecord token, String lineId) {
        return token.line().before().contains(Marks.ofLine(lineId));
    }

    /** What {@code env.NAME =} has set so far, also what has a token in it and is kept elsewhere for that. */
    @NonNull
    static Map<String, String> ofScript(@NonNull Run<?, ?> run) {
        Map<String, String> all = new TreeMap<>(CopiedVariables.of(run));
        var script = run.getAction(EnvironmentAction.IncludingOverrides.class);
        if (script != null) {
            all.putAll(script.getOverriddenEnvironment());
        }
        return all;
    }
}
