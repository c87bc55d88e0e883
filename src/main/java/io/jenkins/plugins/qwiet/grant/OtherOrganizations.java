package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Says in the log when steps see a new token beside another one, and an organization's ID is not in a variable of its own: in
 * that of another organization, one of the two tokens would be used with the ID of the other's; in that of a token, the token
 * would not be used at all.
 */
final class OtherOrganizations {
    private static final Logger LOGGER = Logger.getLogger(OtherOrganizations.class.getName());

    private OtherOrganizations() {}

    /** Once for each two variables. */
    static void tell(
            @NonNull Run<?, ?> run, @NonNull BuildTokens tokens, @NonNull TokenRecord made, @NonNull TaskListener log) {
        List<TokenRecord> beside = tokens.getTokens().stream()
                .filter(other ->
                        other.isCurrent() && !other.lineId().equals(made.lineId()) && isSeenBeside(run, other, made))
                .toList();
        beside.stream()
                .filter(other -> other.holds(made.orgVariable()))
                .forEach(other -> tokens.said().tokenAndOrganization(log, other, made));
        beside.stream()
                .filter(other -> made.holds(other.orgVariable()))
                .forEach(other -> tokens.said().tokenAndOrganization(log, made, other));
        beside.stream()
                .filter(other -> !other.orgId().equals(made.orgId())
                        && other.orgVariable().equalsIgnoreCase(made.orgVariable())
                        && !other.holds(made.variable()))
                .reduce((older, newer) -> newer)
                .ifPresent(other -> tokens.said().otherOrganization(log, made, other));
    }

    /** One that a block of another branch holds is not. */
    private static boolean isSeenBeside(Run<?, ?> run, TokenRecord other, TokenRecord made) {
        long block = other.line().block();
        if (block == 0
                || other.use() == TokenRecord.Use.REST
                || block == made.line().block()) {
            return true;
        }
        FlowNode at = node(run, made.line().block());
        Set<Long> around = at == null ? Set.of() : OpenBlocks.around(at);
        // No block began with it: it is about to be bound for the rest of the build.
        return around.contains(block) || !(node(run, block) instanceof BlockStartNode);
    }

    @CheckForNull
    private static FlowNode node(Run<?, ?> run, long number) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        try {
            return execution == null ? null : execution.getNode(String.valueOf(number));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "No node " + number + " of " + run);
            return null;
        }
    }
}
