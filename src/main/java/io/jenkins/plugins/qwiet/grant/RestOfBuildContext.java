package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.redact.MaskedFailures;
import java.io.IOException;
import java.io.Serial;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.steps.DynamicContext;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FailureHandler;

/** What every later step of a build has to know of its tokens: which variables are secret, and what no failure may show. */
final class RestOfBuildContext {
    private RestOfBuildContext() {}

    private static <T> List<T> tokens(DynamicContext.DelegatedContext context, Function<BuildTokens, List<T>> which)
            throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        return run == null ? List.of() : BuildTokens.of(run).map(which).orElse(List.of());
    }

    /** Masks failures, with the tokens of blocks too. */
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
            var bound = tokens(context, BuildTokens::bound);
            return bound.isEmpty()
                    ? null
                    : EnvironmentExpander.merge(
                            context.get(EnvironmentExpander.class),
                            new SensitiveNames(bound.stream()
                                    .map(TokenRecord::getVariable)
                                    .collect(Collectors.toCollection(TreeSet::new))));
        }
    }

    /** The values themselves come from {@link RestOfBuildEnvironment}, so that {@code env.NAME} sees them too. */
    private static final class SensitiveNames extends EnvironmentExpander {
        @Serial
        private static final long serialVersionUID = 1;

        private final TreeSet<String> names;

        SensitiveNames(TreeSet<String> names) {
            this.names = names;
        }

        @Override
        public void expand(@NonNull EnvVars env) {
            // Nothing to add.
        }

        @Override
        public Set<String> getSensitiveVariables() {
            return names;
        }
    }
}
