package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.qwiet.api.SecretText;
import io.jenkins.plugins.qwiet.redact.BuildMask;
import io.jenkins.plugins.qwiet.redact.MaskedFailures;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.DynamicContext;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Lets everything that comes later in a build see a token. */
public final class RestOfBuild {
    private RestOfBuild() {}

    /**
     * Lets the token's variables hold it, whatever they held before, as soon as every agent that writes a log of the build
     * knows what to hide; one that does not answer is named in the log. A token that it takes a variable from is revoked, in
     * the background; but if other branches run, which may be using it, only at the end of the build. Writes {@code
     * build.xml}.
     *
     * @param step that binds it; null in a build that is no Pipeline
     * @param give tells whoever asked for it when it is bound, and returns whether that still wants it; if not, all is as
     *     before, and whoever asked for it gives it back
     * @return done when later steps see the token, or will not, which is a matter of seconds
     */
    @NonNull
    public static CompletableFuture<Void> bind(
            @NonNull Run<?, ?> run,
            @CheckForNull StepContext step,
            @NonNull IssuedToken token,
            @NonNull TaskListener log,
            @NonNull BooleanSupplier give) {
        return BuildMask.of(run)
                .tellAgents(SecretText.of(token.value.getPlainText()))
                .thenComposeAsync(
                        ignorant -> {
                            var said = BuildTokens.ofOrNew(run).said();
                            ignorant.forEach(agent -> said.agentNotTold(log, agent, token.id));
                            return Before.now(run, step, token);
                        },
                        JenkinsLeases.get().threads())
                .thenAcceptAsync(
                        before -> show(run, token, before, log, give),
                        JenkinsLeases.get().threads());
    }

    /**
     * Takes back, and revokes in the background, what a step of a Pipeline was given that begins anew, as Pipeline does not
     * know of it after a restart: what it took the variable from has that again. Writes {@code build.xml}.
     */
    public static void takeBack(@NonNull Run<?, ?> run, @NonNull FlowNode step) {
        BuildTokens.of(run)
                .ifPresent(tokens -> tokens.getTokens().stream()
                        .filter(each -> each.isCurrent() && each.line().block() == OpenBlocks.number(step))
                        .forEach(each -> {
                            tokens.unbind(each.lineId());
                            TokenRevoker.inTheBackground(run).revoke(each.lineId());
                        }));
    }

    private static void show(Run<?, ?> run, IssuedToken token, Before before, TaskListener log, BooleanSupplier give) {
        BuildTokens tokens = BuildTokens.ofOrNew(run);
        // Nobody else starts a step before this one is over, so this stays true.
        boolean others = OtherBranches.of(run).areRunning();
        List<TokenRecord> older = tokens.bind(token, before);
        if (!give.getAsBoolean()) {
            tokens.unbind(token.nonce);
            return;
        }
        before.shown().forEach(variable -> TokenLog.shownToGroovy(log, token, variable));
        if (!older.isEmpty() && !others) {
            var revoker = new TokenRevoker(run, log);
            older.forEach(each -> revoker.revoke(each.lineId()));
        }
    }

    /** Masks the failures of all later steps, with the tokens of blocks too. */
    @Extension
    public static class Failures extends DynamicContext.Typed<FailureHandler> {
        @NonNull
        @Override
        protected Class<FailureHandler> type() {
            return FailureHandler.class;
        }

        @Override
        protected FailureHandler get(DelegatedContext context) throws IOException, InterruptedException {
            var values = tokens(context, BuildTokens::values);
            return values.isEmpty()
                    ? null
                    : FailureHandler.merge(context.get(FailureHandler.class), new MaskedFailures(values));
        }
    }

    /** Names the secret variables, so that Pipeline hides them in what it records of steps' arguments. */
    @Extension
    public static class Variables extends DynamicContext.Typed<EnvironmentExpander> {
        @NonNull
        @Override
        protected Class<EnvironmentExpander> type() {
            return EnvironmentExpander.class;
        }

        @Override
        protected EnvironmentExpander get(DelegatedContext context) throws IOException, InterruptedException {
            var seen = tokens(context, BuildTokens::seen);
            return seen.isEmpty()
                    ? null
                    : EnvironmentExpander.merge(
                            context.get(EnvironmentExpander.class),
                            new SensitiveNames(seen.stream()
                                    .map(TokenRecord::variable)
                                    .collect(Collectors.toCollection(TreeSet::new))));
        }
    }

    private static <T> List<T> tokens(DynamicContext.DelegatedContext context, Function<BuildTokens, List<T>> which)
            throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        return run == null ? List.of() : BuildTokens.of(run).map(which).orElse(List.of());
    }

    private static final class SensitiveNames extends EnvironmentExpander {
        @Serial
        private static final long serialVersionUID = 1;

        private final TreeSet<String> names;

        SensitiveNames(TreeSet<String> names) {
            this.names = names;
        }

        @Override
        public void expand(@NonNull EnvVars env) {
            // The values come from BuildTokens and StepVariables.
        }

        @Override
        public Set<String> getSensitiveVariables() {
            return names;
        }
    }
}
