package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jenkinsci.plugins.structs.describable.UninstantiatedDescribable;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
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

    /** Whether any was begun after a node. */
    static boolean anySince(@NonNull FlowNode at, long node) {
        for (FlowNode block : at.iterateEnclosingBlocks()) {
            if (number(block) > node) {
                return true;
            }
        }
        return false;
    }

    /** Whether one that was begun after a node sets a variable, and the graph tells so: to name it is not to set it. */
    static boolean setSince(@NonNull FlowNode at, long node, @NonNull String variable) {
        for (FlowNode block : at.iterateEnclosingBlocks()) {
            if (number(block) > node && sets(block, variable)) {
                return true;
            }
        }
        return false;
    }

    /** What {@code withEnv} sets a variable to, in all of them. */
    @NonNull
    static List<String> valuesOf(@NonNull FlowNode at, @NonNull String variable) {
        List<String> values = new ArrayList<>();
        for (FlowNode block : at.iterateEnclosingBlocks()) {
            for (String pair : pairs(block)) {
                if (isOf(pair, variable)) {
                    values.add(pair.substring(pair.indexOf('=') + 1));
                }
            }
        }
        return values;
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
