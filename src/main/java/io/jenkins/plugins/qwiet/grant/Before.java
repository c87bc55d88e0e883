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
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/**
 * What was there when a token was bound for the rest of a build, and gives way to it later on. In a Pipeline, what is new by
 * then is told by the block that sets it, not by its value.
 *
 * @param marks in a Pipeline, how often the blocks set a variable that were open then, in any branch ({@link Marks#ofBlock});
 *     in other builds, of the values
 * @param node the newest of the Pipeline: a block with a greater number was begun later; 0 in a build that is no Pipeline
 * @param shown variables in which Groovy's {@code env.NAME} goes on showing it: Pipeline puts what the script and the blocks
 *     around it set over all that a plugin can give
 */
record Before(
        @NonNull List<String> marks, long node, @NonNull List<String> shown) {
    private static final Logger LOGGER = Logger.getLogger(Before.class.getName());

    /** The step is not through before Pipeline's thread is free, and a script does not compute for longer than that. */
    private static final long LONGEST_WAIT_SECONDS = 330;

    /** In place of a number of settings that could not be seen. */
    static final String UNKNOWN = "?";

    Before {
        marks = List.copyOf(marks);
        shown = List.copyOf(shown);
    }

    /**
     * Looks at all of a running build; never waits. Completes normally.
     *
     * @param step that binds the token; null in a build that is no Pipeline
     */
    @NonNull
    static CompletableFuture<Before> now(
            @NonNull Run<?, ?> run, @CheckForNull StepContext step, @NonNull IssuedToken token) {
        FlowExecution execution = Branches.pipeline(run);
        List<String> variables = List.of(token.variable, token.orgVariable);
        if (execution == null || step == null) {
            return CompletableFuture.supplyAsync(
                    () -> new Before(values(run, variables), 0, List.of()),
                    JenkinsLeases.get().threads());
        }
        var asked = new CompletableFuture<List<StepExecution>>();
        var steps = execution.getCurrentExecutions(false);
        steps.addListener(
                () -> {
                    try {
                        asked.complete(steps.get());
                    } catch (Exception e) {
                        asked.completeExceptionally(e);
                    }
                },
                JenkinsLeases.get().threads());
        return asked.completeOnTimeout(List.of(), LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)
                .exceptionally(problem -> {
                    LOGGER.log(Level.FINE, problem, () -> "Could not ask which steps of " + run + " run");
                    return List.of();
                })
                .thenApplyAsync(
                        found -> at(run, step, variables, execution, found),
                        JenkinsLeases.get().threads());
    }

    private static Before at(
            Run<?, ?> run,
            StepContext binding,
            List<String> variables,
            FlowExecution execution,
            List<StepExecution> steps) {
        List<FlowNode> heads = execution.getCurrentHeads();
        Set<String> marks = new LinkedHashSet<>();
        Set<Long> seen = new HashSet<>();
        SetAround around = look(binding, variables, marks, seen);
        steps.forEach(step -> look(step.getContext(), variables, marks, seen));
        for (FlowNode head : heads) {
            long block = OpenBlocks.around(head).stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            if (!seen.contains(block)) {
                variables.forEach(name -> marks.add(Marks.ofBlock(block, name) + UNKNOWN));
            }
        }
        var owners = new Owners(BuildTokens.ofOrNew(run).getTokens());
        return new Before(
                List.copyOf(marks),
                heads.stream().mapToLong(OpenBlocks::number).max().orElse(0),
                variables.stream()
                        .filter(name -> isShown(run, name, owners, around))
                        .toList());
    }

    private static boolean isShown(Run<?, ?> run, String variable, Owners owners, @CheckForNull SetAround around) {
        var settings = around == null ? List.<SetAround.Setting>of() : around.of(variable);
        return settings.isEmpty()
                ? ScriptWords.all(run).entrySet().stream()
                        .anyMatch(each ->
                                each.getKey().equalsIgnoreCase(variable) && !owners.isOwn(variable, each.getValue()))
                : !owners.isOwn(variable, settings.get(settings.size() - 1).value());
    }

    /** Of whichever plugin a block is that is open around a step, its environment says what it sets. */
    @CheckForNull
    private static SetAround look(StepContext step, List<String> variables, Set<String> marks, Set<Long> seen) {
        try {
            var around = SetAround.by(step.get(EnvironmentExpander.class), new EnvVars());
            long block = OpenBlocks.innermost(step.get(FlowNode.class));
            if (seen.add(block)) {
                for (String name : variables) {
                    int settings = around.of(name).size();
                    if (settings > 0) {
                        marks.add(Marks.ofBlock(block, name) + settings);
                    }
                }
            }
            return around;
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Is over meanwhile: " + step);
            return null;
        }
    }

    private static List<String> values(Run<?, ?> run, List<String> variables) {
        Set<String> values = new LinkedHashSet<>();
        try {
            add(run.getEnvironment(TaskListener.NULL), variables, values);
            if (run instanceof AbstractBuild<?, ?> build) {
                add(build.getBuildVariables(), variables, values);
                Node node = build.getBuiltOn();
                Computer machine = node == null ? null : node.toComputer();
                if (machine != null) {
                    add(machine.getEnvironment(), variables, values);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not see what stands in the variables of " + run);
        }
        return values.stream().map(Marks::of).toList();
    }

    private static void add(Map<String, String> from, List<String> variables, Collection<String> values) {
        from.forEach((name, value) -> {
            if (value != null && variables.stream().anyMatch(name::equalsIgnoreCase)) {
                values.add(value);
            }
        });
    }
}
