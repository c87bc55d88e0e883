package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.AbstractBuild;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * What variables held anywhere in a build when a token was bound to them. That gives way to the token later on; what is new
 * by then is what the user wrote after it.
 *
 * @param values in the whole build, and in the blocks that were open around the step that bound the token
 * @param elsewhere in all blocks that were open, in any branch: a token that another block holds is that block's
 * @param lines of tokens whose blocks were open around the step, whatever stood in their variables
 * @param node the newest of the Pipeline: a block with a greater number was begun later; 0 in a build that is no Pipeline
 */
record Before(
        @NonNull List<String> values,
        @NonNull List<String> elsewhere,
        @NonNull List<String> lines,
        long node) {
    private static final Logger LOGGER = Logger.getLogger(Before.class.getName());

    /** Pipeline answers between two steps, so at once, unless a script computes for long. */
    private static final long LONGEST_WAIT_SECONDS = 5;

    Before {
        values = List.copyOf(values);
        elsewhere = List.copyOf(elsewhere);
        lines = List.copyOf(lines);
    }

    /**
     * Looks at all of a running build; never waits. Completes normally.
     *
     * @param step that binds the token; null in a build that is no Pipeline
     */
    @NonNull
    static CompletableFuture<Before> now(
            @NonNull Run<?, ?> run, @CheckForNull StepContext step, @NonNull IssuedToken token) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        var asked = new CompletableFuture<List<StepExecution>>();
        if (execution == null) {
            asked.complete(List.of());
        } else {
            var steps = execution.getCurrentExecutions(true);
            steps.addListener(
                    () -> {
                        try {
                            asked.complete(steps.get());
                        } catch (Exception e) {
                            asked.completeExceptionally(e);
                        }
                    },
                    JenkinsLeases.get().threads());
        }
        return asked.completeOnTimeout(List.of(), LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)
                .exceptionally(problem -> {
                    LOGGER.log(Level.FINE, problem, () -> "Could not ask which steps of " + run + " run");
                    return List.of();
                })
                .thenApplyAsync(
                        found -> at(run, step, token, execution, found),
                        JenkinsLeases.get().threads());
    }

    private static Before at(
            Run<?, ?> run,
            @CheckForNull StepContext binding,
            IssuedToken token,
            @CheckForNull FlowExecution execution,
            List<StepExecution> steps) {
        Set<String> values = new LinkedHashSet<>();
        Set<String> elsewhere = new LinkedHashSet<>();
        List<String> lines = new ArrayList<>();
        long newest = 0;
        var variables = List.of(token.variable, token.orgVariable);
        try {
            EnvVars ofBuild = run.getEnvironment(TaskListener.NULL);
            add(ofBuild, variables, values);
            if (run instanceof AbstractBuild<?, ?> build) {
                add(build.getBuildVariables(), variables, values);
                Node node = build.getBuiltOn();
                Computer machine = node == null ? null : node.toComputer();
                if (machine != null) {
                    add(machine.getEnvironment(), variables, values);
                }
            }
            values.addAll(ofScript(run, variables));
            if (binding != null) {
                values.addAll(at(binding, ofBuild, variables));
                lines.addAll(BlockEnvironment.linesIn(binding.get(EnvironmentExpander.class)));
            }
            if (execution != null) {
                List<FlowNode> heads = execution.getCurrentHeads();
                newest = heads.stream().mapToLong(OpenBlocks::number).max().orElse(0);
                heads.forEach(head -> variables.forEach(name -> elsewhere.addAll(OpenBlocks.valuesOf(head, name))));
                for (StepExecution step : steps) {
                    elsewhere.addAll(at(step.getContext(), ofBuild, variables));
                }
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not see what stands in the variables of " + run);
        }
        return new Before(List.copyOf(values), List.copyOf(elsewhere), lines, newest);
    }

    /** Of whichever plugin a block is that is open around a step, its environment says what it sets. */
    private static List<String> at(StepContext step, EnvVars ofBuild, List<String> variables) {
        try {
            List<String> values = new ArrayList<>();
            EnvironmentExpander around = step.get(EnvironmentExpander.class);
            for (String name : variables) {
                values.addAll(SetVariable.by(around, name, ofBuild));
            }
            return values;
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Is over meanwhile: " + step);
            return List.of();
        }
    }

    private static void add(Map<String, String> from, List<String> variables, Collection<String> values) {
        from.forEach((name, value) -> {
            if (value != null && variables.stream().anyMatch(name::equalsIgnoreCase)) {
                values.add(value);
            }
        });
    }

    /** What {@code env.NAME =} has set so far. */
    @NonNull
    static List<String> ofScript(@NonNull Run<?, ?> run, @NonNull List<String> variables) {
        List<String> values = new ArrayList<>();
        add(LaterWord.ofScript(run), variables, values);
        return values;
    }
}
