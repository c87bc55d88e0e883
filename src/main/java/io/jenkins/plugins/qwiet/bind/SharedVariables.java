package io.jenkins.plugins.qwiet.bind;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.AbstractBuild;
import hudson.model.BuildableItemWithBuildWrappers;
import hudson.model.Run;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.credentialsbinding.MultiBinding;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;

/** Finds bindings that would be in each other's variable: the later one would win, and a token never be used. */
final class SharedVariables {
    private static final Logger LOGGER = Logger.getLogger(SharedVariables.class.getName());

    private SharedVariables() {}

    /** What is wrong with all bindings in the configuration of a build's job, in a sentence; null for nothing. */
    @CheckForNull
    static String problem(@NonNull AbstractBuild<?, ?> build) throws InterruptedException {
        // A cell of a matrix has what is configured for the whole.
        return build.getProject().getRootProject() instanceof BuildableItemWithBuildWrappers job
                ? problem(
                        build,
                        job.getBuildWrappersList().getAll(SecretBuildWrapper.class).stream()
                                .<MultiBinding<?>>flatMap(wrapper -> wrapper.getBindings().stream())
                                .toList())
                : null;
    }

    /** What is wrong with bindings that begin together, in a sentence; null for nothing. */
    @CheckForNull
    static String problem(@NonNull Run<?, ?> run, @NonNull List<MultiBinding<?>> bindings) throws InterruptedException {
        Set<String> ours = names();
        Set<String> all = names();
        Set<String> twice = names();
        Set<String> organizations = names();
        for (MultiBinding<?> each : bindings) {
            for (String variable : variables(run, each)) {
                if (!all.add(variable)) {
                    twice.add(variable);
                }
            }
            if (each instanceof QwietAccessTokenBinding binding) {
                ours.addAll(binding.variables(run));
                organizations.add(binding.orgVariable(run));
            }
        }
        twice.retainAll(ours);
        // Tokens of one organization share its variable as a rule, and another text there keeps no token from its
        // variable.
        organizations.retainAll(ours);
        twice.addAll(organizations);
        return twice.isEmpty() ? null : Messages.QwietAccessTokenBinding_twice(String.join(", ", twice));
    }

    private static Set<String> variables(Run<?, ?> run, MultiBinding<?> binding) throws InterruptedException {
        try {
            return binding.variables(run);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Another binding will say what is wrong with it");
            return Set.of();
        }
    }

    private static Set<String> names() {
        return new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    }
}
