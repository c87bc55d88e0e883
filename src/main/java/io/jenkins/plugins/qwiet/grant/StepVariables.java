package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Lets a token stand in its variables for every step of a Pipeline, whatever they held before it was bound: this comes
 * after {@code environment}, {@code withEnv} and all else. What the user wrote after that wins, and the log says so.
 */
@Extension
public class StepVariables extends StepEnvironmentContributor {
    @Override
    public void buildEnvironmentFor(@NonNull StepContext context, @NonNull EnvVars env, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        BuildTokens tokens = run == null ? null : run.getAction(BuildTokens.class);
        if (tokens == null) {
            return;
        } else if (!tokens.hasCurrent()) {
            dropWhatStoodBefore(tokens, env);
            return;
        }
        Renewals.get().noteStart(tokens);
        List<String> open = BlockEnvironment.linesIn(context.get(EnvironmentExpander.class));
        for (TokenRecord seen : tokens.seen()) {
            TokenRecord block = innermost(tokens, open, seen);
            if (block == null || isBefore(block, seen)) {
                settle(context, tokens, seen, env);
            }
        }
        dropWhatStoodBefore(tokens, env);
        for (String line : open) {
            tokens.current(line).ifPresent(token -> look(tokens, token, env));
        }
    }

    /** The token of the innermost open block that has the same variable; null if there is none. */
    @CheckForNull
    private static TokenRecord innermost(BuildTokens tokens, List<String> open, TokenRecord seen) {
        TokenRecord found = null;
        for (String line : open) {
            Optional<TokenRecord> of = tokens.current(line).filter(token -> token.holds(seen.variable()));
            found = of.orElse(found);
        }
        return found;
    }

    /** Whether a block was open around the step that bound the token. */
    private static boolean isBefore(TokenRecord block, TokenRecord seen) {
        return seen.line().before().contains(Before.markOfLine(block.lineId()));
    }

    /** By that name, whatever case of it stands there: an environment keeps the old one, and a process tells them apart. */
    static void put(EnvVars env, String variable, String value) {
        env.remove(variable);
        env.put(variable, value);
    }

    /** When a token is gone, what its variable held before it is not used in its place: that may be one that never ends. */
    private static void dropWhatStoodBefore(BuildTokens tokens, EnvVars env) {
        for (TokenRecord gone : tokens.goneFromTheRest()) {
            String there = env.get(gone.variable());
            if (there != null && gone.line().before().contains(Before.mark(there))) {
                env.remove(gone.variable());
                tokens.saysThatItIsGone(gone);
            }
        }
    }

    private static void settle(StepContext context, BuildTokens tokens, TokenRecord token, EnvVars env)
            throws IOException, InterruptedException {
        Secret own = token.value();
        if (own == null) {
            return;
        }
        if (givesWay(tokens, token, env.get(token.variable()))
                || !Before.isSetSince(context, token, token.variable())) {
            put(env, token.variable(), own.getPlainText());
        } else {
            tokens.saysThatItIsOverridden(token, token.variable());
        }
        String org = env.get(token.orgVariable());
        if (token.orgId().equals(org)
                || givesWay(tokens, token, org)
                || !Before.isSetSince(context, token, token.orgVariable())) {
            put(env, token.orgVariable(), token.orgId());
        } else {
            tokens.saysThatItIsOverridden(token, token.orgVariable());
        }
    }

    private static boolean givesWay(BuildTokens tokens, TokenRecord token, @CheckForNull String value) {
        String there = value == null ? "" : value;
        TokenRecord other = tokens.withValue(there);
        return other != null
                ? other.lineId().equals(token.lineId())
                        || other.use() == Use.SUPERSEDED
                        || other.use() == Use.OVER
                        || isBefore(other, token)
                : token.line().before().contains(Before.mark(there));
    }

    /** A block has put its token there already; only what the user wrote inside of the block can have changed that. */
    private static void look(BuildTokens tokens, TokenRecord token, EnvVars env) {
        Secret own = token.value();
        String value = env.get(token.variable());
        TokenRecord there = value == null ? null : tokens.withValue(value);
        if (there == null) {
            tokens.saysThatItIsOverridden(token, token.variable());
        } else if (own != null && there.lineId().equals(token.lineId())) {
            // A copy that was made before the token was renewed.
            put(env, token.variable(), own.getPlainText());
        }
        if (!token.orgId().equals(env.get(token.orgVariable())) && there != null && there.equals(token)) {
            tokens.saysThatItIsOverridden(token, token.orgVariable());
        }
    }
}
