package io.jenkins.plugins.qwiet.redact;

import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.grant.BuildTokens;
import io.jenkins.plugins.qwiet.grant.RestOfBuildContext;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Hides tokens in what Pipeline records of steps: their arguments, their errors. Inside a block {@link
 * RestOfBuildContext} lets Pipeline do that by itself; outside of any it asks no extension, so it is done here as soon
 * as the record is there.
 */
@Extension
public class PipelineRecords implements GraphListener.Synchronous {
    private static final Logger LOGGER = Logger.getLogger(PipelineRecords.class.getName());

    @Override
    public void onNewHead(FlowNode node) {
        Mask mask = maskOf(node);
        if (mask.isEmpty()) {
            return;
        }
        hide(node, mask);
        // A step's error is recorded when it ends, which is when the next node begins.
        node.getParents().forEach(parent -> hide(parent, mask));
    }

    private static Mask maskOf(FlowNode node) {
        try {
            return node.getExecution().getOwner().getExecutable() instanceof Run<?, ?> run
                            && run.getAction(BuildTokens.class) != null
                    ? BuildMask.of(run).mask()
                    : Mask.none();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look at the tokens of " + node);
            return Mask.none();
        }
    }

    private static void hide(FlowNode node, Mask mask) {
        var arguments = node.getPersistentAction(ArgumentsAction.class);
        if (arguments != null) {
            MaskedArguments hidden = MaskedArguments.of(arguments, mask);
            if (hidden != null) {
                node.replaceActions(ArgumentsAction.class, hidden);
            }
        }
        var error = node.getPersistentAction(ErrorAction.class);
        if (error != null) {
            Throwable hidden = MaskedFailures.hide(error.getError(), mask);
            if (hidden != error.getError()) {
                node.replaceActions(ErrorAction.class, new ErrorAction(hidden));
            }
        }
    }
}
