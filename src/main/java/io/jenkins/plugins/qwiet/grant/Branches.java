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
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * The branches of a Pipeline. A token for the rest of the build is first of all for what is in the branches around the step
 * that asked for it. What is beside them sees it only if nothing around asked for one.
 */
final class Branches {
    private static final Logger LOGGER = Logger.getLogger(Branches.class.getName());

    /** More than any number of branches around a step. */
    private static final long AROUND = 1L << 32;

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
        Set<TokenRecord> seen = Set.copyOf(seen(lastFirst).values());
        return lastFirst.stream()
                .filter(token -> !seen.contains(token))
                .map(TokenRecord::nonce)
                .collect(Collectors.toSet());
    }

    /** Which of some tokens, the one that was bound last first, each place sees; empty if there are none. */
    @NonNull
    Map<List<Long>, TokenRecord> seen(@NonNull List<TokenRecord> lastFirst) {
        Map<List<Long>, TokenRecord> seen = new HashMap<>();
        if (!lastFirst.isEmpty()) {
            List<List<Long>> asked =
                    lastFirst.stream().map(token -> of(pipeline, token)).toList();
            places.forEach(place -> seen.put(place, lastFirst.get(nearest(asked, place))));
        }
        return seen;
    }

    private static int nearest(List<List<Long>> asked, List<Long> place) {
        int nearest = 0;
        long most = -1;
        for (int i = 0; i < asked.size(); i++) {
            long near = nearness(place, asked.get(i));
            if (near > most) {
                nearest = i;
                most = near;
            }
        }
        return nearest;
    }

    /** Whether all branches in which a token was asked for are around a node. */
    static boolean areAround(@NonNull FlowNode at, @NonNull TokenRecord token) {
        return around(at).containsAll(of(at.getExecution(), token));
    }

    /** In which a token was asked for; empty if that is not known. */
    private static List<Long> of(@CheckForNull FlowExecution execution, TokenRecord token) {
        FlowNode step = step(execution, token);
        return step == null ? List.of() : around(step);
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

    /**
     * Of all that run. A branch that is through keeps its head until all beside it are; then it is the branch around them, if
     * there is one, that is about to go on.
     */
    @NonNull
    static List<FlowNode> running(@NonNull FlowExecution execution) {
        List<FlowNode> running = new ArrayList<>();
        List<FlowNode> through = new ArrayList<>();
        for (FlowNode head : execution.getCurrentHeads()) {
            FlowNode beside = head instanceof BlockEndNode<?> end ? besideWhich(end) : null;
            (beside == null ? running : through).add(beside == null ? head : beside);
        }
        // The innermost first: one that goes on is what runs in those around it.
        through.sort(
                Comparator.comparingInt((FlowNode each) -> around(each).size()).reversed());
        for (FlowNode each : through) {
            List<Long> place = around(each);
            if (!place.isEmpty()
                    && running.stream().noneMatch(other -> around(other).contains(place.get(0)))) {
                running.add(each);
            }
        }
        return running;
    }

    /** The step that began a branch, and those beside it; null if this is not the end of a branch. */
    @CheckForNull
    private static FlowNode besideWhich(BlockEndNode<?> end) {
        FlowNode start = end.getStartNode();
        return start.getPersistentAction(ThreadNameAction.class) == null
                ? null
                : start.iterateEnclosingBlocks().iterator().next();
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

    /** As they were, but those first that were asked for around a node, the innermost of them before others. */
    @NonNull
    static List<TokenRecord> nearestFirst(@NonNull List<TokenRecord> tokens, @CheckForNull FlowNode at) {
        if (at == null || tokens.size() < 2) {
            return tokens;
        }
        List<Long> place = around(at);
        return tokens.stream()
                .map(token -> new Near(token, nearness(place, of(at.getExecution(), token))))
                .sorted(Comparator.comparingLong(Near::nearness).reversed())
                .map(Near::token)
                .toList();
    }

    private record Near(TokenRecord token, long nearness) {}

    private static long nearness(List<Long> place, List<Long> asked) {
        long shared = asked.stream().filter(place::contains).count();
        return shared == asked.size() ? AROUND + shared : shared;
    }

    /** Whether two tokens were asked for in different branches. */
    static boolean areBeside(@NonNull FlowExecution execution, @NonNull TokenRecord one, @NonNull TokenRecord other) {
        return !of(execution, one).equals(of(execution, other));
    }
}
