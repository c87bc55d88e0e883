package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
 * The branches of a Pipeline, and the one order in which its tokens have a claim to a variable. First those that were asked for
 * around a step, whether by a block that is open or for the rest of the build, the last of them before others: what is further
 * inside was asked for later. Then those of other branches: of what shares more branches with the step before others, and of
 * these the one that was bound last.
 */
final class Branches {
    private static final Logger LOGGER = Logger.getLogger(Branches.class.getName());

    @CheckForNull
    private final FlowExecution pipeline;

    private final boolean known;
    private final Instant now = JenkinsLeases.get().clock().instant();
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

    /**
     * Those of some tokens, the one that was bound last first, that no step sees any more: everywhere a valid one is nearer. One
     * that is dead takes no place.
     */
    @NonNull
    Set<String> unseen(@NonNull List<TokenRecord> lastFirst) {
        if (!known || lastFirst.isEmpty()) {
            return Set.of();
        }
        List<Asked> asked =
                lastFirst.stream().map(each -> Asked.of(pipeline, each)).toList();
        Set<TokenRecord> seen = new HashSet<>();
        for (List<Long> place : places) {
            List<TokenRecord> inTurn = inTurn(asked, place);
            seen.addAll(inTurn.subList(0, inTurn.indexOf(holding(inTurn)) + 1));
        }
        return lastFirst.stream()
                .filter(token -> !seen.contains(token))
                .map(TokenRecord::nonce)
                .collect(Collectors.toSet());
    }

    /** The first that lives; if all are dead, as after an outage, the first that may get a successor. */
    private TokenRecord holding(List<TokenRecord> inTurn) {
        return inTurn.stream()
                .filter(each -> !each.isDead(now))
                .findFirst()
                .or(() -> inTurn.stream()
                        .filter(each -> each.line().isRenewable())
                        .findFirst())
                .orElse(inTurn.get(0));
    }

    /**
     * In the order in which they have a claim at a node; as they were, where it knows no difference.
     *
     * @param tokens the one that was bound last first
     * @param at null if it is not known
     */
    @NonNull
    static List<TokenRecord> inTurn(@NonNull List<TokenRecord> tokens, @CheckForNull FlowNode at) {
        return at == null || tokens.size() < 2
                ? tokens
                : inTurn(
                        tokens.stream()
                                .map(each -> Asked.of(at.getExecution(), each))
                                .toList(),
                        around(at));
    }

    private static List<TokenRecord> inTurn(List<Asked> asked, List<Long> place) {
        return asked.stream()
                .sorted(Comparator.comparing((Asked each) -> each.isAround(place))
                        .thenComparingLong(each -> each.nearness(place))
                        .reversed())
                .map(Asked::token)
                .toList();
    }

    /** @param branches around the step that asked for it, or with which the block began that holds it; empty if not known */
    private record Asked(TokenRecord token, List<Long> branches) {
        static Asked of(@CheckForNull FlowExecution execution, TokenRecord token) {
            FlowNode step = step(execution, token);
            return new Asked(token, step == null ? List.of() : around(step));
        }

        boolean isAround(List<Long> place) {
            return place.containsAll(branches);
        }

        long nearness(List<Long> place) {
            return isAround(place)
                    ? token.line().block()
                    : branches.stream().filter(place::contains).count();
        }
    }

    /** Whether all branches in which a token was asked for are around a node. */
    static boolean areAround(@NonNull FlowNode at, @NonNull TokenRecord token) {
        return Asked.of(at.getExecution(), token).isAround(around(at));
    }

    /** Whether a token was asked for inside of the block that holds another one. */
    static boolean isInside(
            @CheckForNull FlowExecution execution, @NonNull TokenRecord token, @NonNull TokenRecord block) {
        FlowNode step = step(execution, token);
        return step != null && OpenBlocks.around(step).contains(block.line().block());
    }

    /**
     * The number of the step with which the way to a node parted from that to the step that asked for a token: the branches that
     * it began are beside each other. {@link Long#MAX_VALUE} if they did not part.
     */
    static long parting(@NonNull FlowNode at, @NonNull TokenRecord token) {
        List<Long> asked = Asked.of(at.getExecution(), token).branches();
        long parting = Long.MAX_VALUE;
        var isParting = false;
        for (FlowNode block : at.iterateEnclosingBlocks()) {
            if (isParting) {
                parting = OpenBlocks.number(block);
            }
            isParting = block.getPersistentAction(ThreadNameAction.class) != null
                    && !asked.contains(OpenBlocks.number(block));
        }
        return parting;
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

    /** Whether two tokens were asked for in different branches. */
    static boolean areBeside(@NonNull FlowExecution execution, @NonNull TokenRecord one, @NonNull TokenRecord other) {
        return !Asked.of(execution, one)
                .branches()
                .equals(Asked.of(execution, other).branches());
    }
}
