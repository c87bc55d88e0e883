package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * The branches of a Pipeline. A token for the rest of the build is first of all for what runs in the branch that asked for it:
 * that of a branch beside it, perhaps of another organization, takes no place there.
 */
final class Branches {
    private static final Logger LOGGER = Logger.getLogger(Branches.class.getName());

    @CheckForNull
    private final FlowExecution pipeline;

    private final boolean known;
    /** Of what runs, and of what comes when inner branches of that are through: the branches around it. */
    private final Set<List<Long>> places = new HashSet<>();

    private Branches(@CheckForNull FlowExecution pipeline, boolean known) {
        this.pipeline = pipeline;
        this.known = known;
        places.add(List.of());
        if (pipeline != null) {
            for (FlowNode head : running(pipeline)) {
                List<Long> all = around(head);
                for (int inner = 0; inner < all.size(); inner++) {
                    places.add(all.subList(inner, all.size()));
                }
            }
        }
    }

    /**
     * As they are at this moment; of a build that is no Pipeline, there are none. Of a Pipeline that Jenkins is about to go
     * on with after a restart they are not known. Never waits.
     */
    @NonNull
    static Branches of(@NonNull Run<?, ?> run) {
        FlowExecution execution = pipeline(run);
        return new Branches(execution, execution != null || !(run instanceof FlowExecutionOwner.Executable));
    }

    /** Null if a build is no Pipeline, or one that is not loaded yet after a restart. Never waits. */
    @CheckForNull
    static FlowExecution pipeline(@NonNull Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        return owner == null ? null : owner.getOrNull();
    }

    /** Those of some tokens, the one that was bound last first, that no step sees any more: another one is nearer everywhere. */
    @NonNull
    Set<String> unseen(@NonNull List<TokenRecord> lastFirst) {
        if (!known) {
            return Set.of();
        }
        Map<TokenRecord, FlowNode> steps = new HashMap<>();
        lastFirst.forEach(token -> steps.put(token, step(pipeline, token)));
        Set<TokenRecord> seen = places.stream()
                .map(place -> nearestFirst(lastFirst, place, steps::get).get(0))
                .collect(Collectors.toSet());
        return lastFirst.stream()
                .filter(token -> !seen.contains(token))
                .map(TokenRecord::nonce)
                .collect(Collectors.toSet());
    }

    /** Whether the branches in which a token was asked for are all around the step that asked for another one. */
    boolean areAround(@NonNull TokenRecord token, @NonNull TokenRecord other) {
        FlowNode outer = step(pipeline, token);
        FlowNode inner = step(pipeline, other);
        return outer == null || inner != null && around(inner).containsAll(around(outer));
    }

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

    /** As they were, but those first that share more branches with a node. */
    @NonNull
    static List<TokenRecord> nearestFirst(@NonNull List<TokenRecord> tokens, @CheckForNull FlowNode at) {
        return at == null || tokens.size() < 2
                ? tokens
                : nearestFirst(tokens, around(at), token -> step(at.getExecution(), token));
    }

    private static List<TokenRecord> nearestFirst(
            List<TokenRecord> tokens, List<Long> place, Function<TokenRecord, FlowNode> step) {
        return place.isEmpty()
                ? tokens
                : tokens.stream()
                        .sorted(Comparator.comparingLong((TokenRecord token) -> shared(place, step.apply(token)))
                                .reversed())
                        .toList();
    }

    private static long shared(List<Long> place, @CheckForNull FlowNode step) {
        return step == null ? 0 : around(step).stream().filter(place::contains).count();
    }
}
