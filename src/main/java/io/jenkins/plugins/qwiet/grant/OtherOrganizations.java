package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.List;
import java.util.Set;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Says in the log when steps see a new token beside another one, and an organization's ID is not in a variable of its own: in
 * that of another organization, one of the two tokens would be used with the ID of the other's; in that of a token, the token
 * would not be used at all.
 */
final class OtherOrganizations {
    private OtherOrganizations() {}

    /** Once for each two variables. */
    static void tell(
            @NonNull Run<?, ?> run, @NonNull BuildTokens tokens, @NonNull TokenRecord made, @NonNull TaskListener log) {
        List<TokenRecord> beside = tokens.getTokens().stream()
                .filter(other -> (other.isCurrent() || isLeft(run, tokens, other))
                        && !other.lineId().equals(made.lineId())
                        && isSeenBeside(run, other, made))
                .toList();
        beside.stream()
                .filter(other -> other.isCurrent() && other.holds(made.orgVariable()))
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

    /** Whether another took its variable, but not that of its organization's ID. */
    private static boolean isLeft(Run<?, ?> run, BuildTokens tokens, TokenRecord other) {
        String variable = other.orgVariable();
        FlowNode at = Branches.step(Branches.pipeline(run), other);
        List<TokenRecord> inTurn = Branches.inTurn(new Owners(tokens.getTokens()).everSeen(variable), at);
        return Owners.isLeft(
                other, inTurn, variable, JenkinsLeases.get().clock().instant());
    }

    /** One that a block of another branch holds is not. */
    private static boolean isSeenBeside(Run<?, ?> run, TokenRecord other, TokenRecord made) {
        long block = other.line().block();
        if (block == 0
                || other.use() == TokenRecord.Use.REST
                || block == made.line().block()) {
            return true;
        }
        FlowExecution pipeline = Branches.pipeline(run);
        FlowNode at = Branches.step(pipeline, made);
        Set<Long> around = at == null ? Set.of() : OpenBlocks.around(at);
        // No block began with it: it is about to be bound for the rest of the build.
        return around.contains(block) || !(Branches.step(pipeline, other) instanceof BlockStartNode);
    }
}
