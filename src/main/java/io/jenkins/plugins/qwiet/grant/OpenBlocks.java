package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graph.StepNode;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/** What the graph of a Pipeline tells of the blocks that are open around a node. */
final class OpenBlocks {
    private static final String WITH_ENV = "withEnv";
    private static final String WITH_CREDENTIALS = "withCredentials";

    private OpenBlocks() {}

    /** Pipeline counts its nodes; one that is not counted is taken for the first. */
    static long number(@NonNull FlowNode node) {
        try {
            return Long.parseLong(node.getId());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The numbers of all that are open around a node, and its own if a block begins with it. */
    @NonNull
    static Set<Long> around(@NonNull FlowNode at) {
        Set<Long> numbers = new HashSet<>();
        if (at instanceof BlockStartNode) {
            numbers.add(number(at));
        }
        at.iterateEnclosingBlocks().forEach(block -> numbers.add(number(block)));
        return numbers;
    }

    /** The number of the innermost around a node; 0 for none. */
    static long innermost(@NonNull FlowNode at) {
        for (FlowNode block : at.iterateEnclosingBlocks()) {
            return number(block);
        }
        return 0;
    }

    /** How many that were begun after a node set a variable, as far as the graph tells: to name it is not to set it. */
    static long settersSince(@NonNull FlowNode at, long node, @NonNull String variable) {
        return settersAt(at, node, variable).count();
    }

    /** The name of the step of the innermost of them; null if the graph does not tell. */
    @CheckForNull
    static String setter(@NonNull FlowNode at, long node, @NonNull String variable) {
        return settersAt(at, node, variable)
                .map(block -> ((StepNode) block).getDescriptor())
                .filter(Objects::nonNull)
                .map(StepDescriptor::getFunctionName)
                .findFirst()
                .orElse(null);
    }

    private static Stream<? extends FlowNode> settersAt(FlowNode at, long node, String variable) {
        return StreamSupport.stream(at.iterateEnclosingBlocks().spliterator(), false)
                .filter(block -> number(block) > node && sets(block, variable));
    }

    private static boolean sets(FlowNode block, String variable) {
        return pairs(block).stream().anyMatch(pair -> isOf(pair, variable))
                || isStep(block, WITH_CREDENTIALS)
                        && holds(ArgumentsAction.getResolvedArguments(block).get("bindings"), variable);
    }

    private static List<String> pairs(FlowNode block) {
        return isStep(block, WITH_ENV)
                        && ArgumentsAction.getResolvedArguments(block).get("overrides") instanceof List<?> pairs
                ? pairs.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static boolean isStep(FlowNode block, String name) {
        StepDescriptor step = block instanceof StepNode of ? of.getDescriptor() : null;
        return step != null && name.equals(step.getFunctionName());
    }

    /** As {@code hudson.EnvVars.override} reads it: {@code NAME=value}, or {@code NAME+WHY=value} for more in front of it. */
    private static boolean isOf(String pair, String variable) {
        int split = pair.indexOf('=');
        String name = split < 0 ? pair : pair.substring(0, split);
        int plus = name.indexOf('+');
        return variable.equalsIgnoreCase(plus > 0 ? name.substring(0, plus) : name);
    }

    /** A binding names its variables in arguments such as {@code variable} and {@code passwordVariable}. */
    private static boolean holds(@CheckForNull Object bindings, String variable) {
        if (bindings instanceof UninstantiatedDescribable described) {
            return holds(described.getArguments(), variable);
        } else if (bindings instanceof Map<?, ?> arguments) {
            return arguments.entrySet().stream()
                    .anyMatch(each -> each.getValue() instanceof String text
                            ? String.valueOf(each.getKey())
                                            .toLowerCase(Locale.ROOT)
                                            .endsWith("variable")
                                    && text.equalsIgnoreCase(variable)
                            : holds(each.getValue(), variable));
        } else if (bindings instanceof Iterable<?> several) {
            for (Object each : several) {
                if (holds(each, variable)) {
                    return true;
                }
            }
        }
        return false;
    }
}
