package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * The branches of a Pipeline. A token for the rest of the build is first of all for what runs in the branch that asked for it:
 * that of a branch beside it, perhaps of another organization, takes no place there.
 */
final class Branches {
    private static final Logger LOGGER = Logger.getLogger(Branches.class.getName());

    private Branches() {}

    /** The numbers of the nodes with which those around a node began, the innermost first; empty outside of branches. */
    @NonNull
    static List<Long> around(@NonNull FlowNode at) {
        List<Long> numbers = new ArrayList<>();
        for (FlowNode block : at.iterateEnclosingBlocks()) {
            if (block.getPersistentAction(ThreadNameAction.class) != null) {
                numbers.add(OpenBlocks.number(block));
            }
        }
        return numbers;
    }

    /** Of all that run; a branch that is through keeps its head until all are. */
    @NonNull
    static List<FlowNode> running(@NonNull FlowExecution execution) {
        return execution.getCurrentHeads().stream()
                .filter(head -> !(head instanceof BlockEndNode<?> end
                        && end.getStartNode().getPersistentAction(ThreadNameAction.class) != null))
                .toList();
    }

    /** The step of a Pipeline that asked for a token; null if it is not known. */
    @CheckForNull
    static FlowNode step(@CheckForNull FlowExecution execution, @NonNull TokenRecord token) {
        try {
            return execution == null
                    ? null
                    : execution.getNode(String.valueOf(token.line().block()));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "It is not known which step asked for it: " + token);
            return null;
        }
    }

    /** The lines that were asked for in a branch that still runs and is not around a node: they go on there. */
    @NonNull
    static Set<String> linesOfOthers(@NonNull List<TokenRecord> tokens, @NonNull FlowNode at) {
        FlowExecution execution = at.getExecution();
        List<Long> own = around(at);
        Set<Long> others = running(execution).stream()
                .flatMap(head -> around(head).stream())
                .filter(branch -> !own.contains(branch))
                .collect(Collectors.toSet());
        return tokens.stream()
                .filter(token -> token.isSeen() && others.contains(innermost(execution, token)))
                .map(TokenRecord::lineId)
                .collect(Collectors.toSet());
    }

    private static long innermost(FlowExecution execution, TokenRecord token) {
        FlowNode step = step(execution, token);
        return step == null ? 0 : around(step).stream().findFirst().orElse(0L);
    }

    /** As they were, but those first that share more branches with a node. */
    @NonNull
    static List<TokenRecord> nearestFirst(@NonNull List<TokenRecord> tokens, @CheckForNull FlowNode at) {
        List<Long> own = at == null || tokens.size() < 2 ? List.of() : around(at);
        return own.isEmpty()
                ? tokens
                : tokens.stream()
                        .sorted(Comparator.comparingLong(
                                        (TokenRecord token) -> shared(own, step(at.getExecution(), token)))
                                .reversed())
                        .toList();
    }

    private static long shared(List<Long> own, @CheckForNull FlowNode step) {
        return step == null ? 0 : around(step).stream().filter(own::contains).count();
    }
}
