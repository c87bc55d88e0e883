package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.grant.TokenRecord.Use;
import java.io.IOException;
import java.util.List;
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
        }
        if (tokens.hasCurrent()) {
            Renewals.get().noteStart(tokens);
            List<String> open = BlockEnvironment.linesIn(context.get(EnvironmentExpander.class));
            for (TokenRecord seen : tokens.seen()) {
                if (isFree(seen.variable(), tokens, open, seen)) {
                    settle(context, tokens, seen, env);
                }
                if (isFree(seen.orgVariable(), tokens, open, seen) && !isOrganizationOfBinding(tokens, seen, env)) {
                    settleOrganization(context, tokens, seen, env);
                }
            }
            for (String line : open) {
                tokens.current(line).ifPresent(token -> look(tokens, token, env));
            }
            hearTheScript(run, tokens, env);
        }
        GoneTokens.drop(context, tokens, env);
    }

    /** Whether a variable is the rest of the build's: no block holds it, but one that was open around the step. */
    private static boolean isFree(String variable, BuildTokens tokens, List<String> open, TokenRecord seen) {
        TokenRecord innermost = null;
        for (String line : open) {
            innermost = tokens.current(line)
                    .filter(token ->
                            token.holds(variable) || token.orgVariable().equalsIgnoreCase(variable))
                    .orElse(innermost);
        }
        return innermost == null || isBefore(innermost, seen);
    }

    /** Whether a block was open around the step that bound the token. */
    private static boolean isBefore(TokenRecord block, TokenRecord seen) {
        return seen.line().before().contains(Marks.ofLine(block.lineId()));
    }

    /** By that name, whatever case of it stands there: an environment keeps the old one, and a process tells them apart. */
    static void put(EnvVars env, String variable, String value) {
        env.remove(variable);
        env.put(variable, value);
    }

    private static void settle(StepContext context, BuildTokens tokens, TokenRecord token, EnvVars env)
            throws IOException, InterruptedException {
        Secret own = token.value();
        if (own == null) {
            return;
        }
        String there = env.get(token.variable());
        TokenRecord other = there == null ? null : tokens.withValue(there);
        if (other != null && other.lineId().equals(token.lineId())) {
            tokens.askedFor(token, there);
            put(env, token.variable(), own.getPlainText());
        } else if (other == null || !isOfLaterBinding(other, token)) {
            settle(context, tokens, token, token.variable(), own.getPlainText(), env);
        }
    }

    private static void settleOrganization(StepContext context, BuildTokens tokens, TokenRecord token, EnvVars env)
            throws IOException, InterruptedException {
        if (token.orgId().equals(env.get(token.orgVariable()))) {
            put(env, token.orgVariable(), token.orgId());
        } else {
            settle(context, tokens, token, token.orgVariable(), token.orgId(), env);
        }
    }

    /** Another token, which {@code withCredentials} put there after this one was bound. */
    private static boolean isOfLaterBinding(TokenRecord other, TokenRecord token) {
        return other.use() == Use.HELD && other.isCurrent() && !isBefore(other, token);
    }

    /** Whether {@code withCredentials} put its token's organization there: the token of another may be none of it. */
    private static boolean isOrganizationOfBinding(BuildTokens tokens, TokenRecord token, EnvVars env) {
        return tokens.getTokens().stream()
                .anyMatch(other -> other.line().fixed()
                        && other.orgVariable().equalsIgnoreCase(token.orgVariable())
                        && other.hasValue(env.get(other.variable()))
                        && isOfLaterBinding(other, token));
    }

    private static void settle(
            StepContext context, BuildTokens tokens, TokenRecord token, String variable, String value, EnvVars env)
            throws IOException, InterruptedException {
        String later = LaterWord.at(context, tokens, token, variable, env.get(variable));
        put(env, variable, later == null ? value : later);
        if (later != null) {
            tokens.saysThatItIsOverridden(token, variable);
        }
    }

    /** A binding of {@code withCredentials} has fixed its variables, and would be over what the script sets inside of it. */
    private static void hearTheScript(Run<?, ?> run, BuildTokens tokens, EnvVars env) {
        for (TokenRecord token : tokens.getTokens()) {
            if (token.isCurrent() && token.line().fixed() && token.hasValue(env.get(token.variable()))) {
                String word = LaterWord.inScript(run, tokens, token, token.variable());
                if (word != null) {
                    put(env, token.variable(), word);
                    tokens.saysThatItIsOverridden(token, token.variable());
                }
            }
        }
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
            tokens.askedFor(token, value);
            put(env, token.variable(), own.getPlainText());
        }
        if (!tokens.isOrganization(env.get(token.orgVariable())) && there != null && there.equals(token)) {
            tokens.saysThatItIsOverridden(token, token.orgVariable());
        }
    }
}
