package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import hudson.util.XStream2;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.actions.FlowNodeAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Hides tokens in what Pipeline records of steps: their arguments, errors, names, warnings, tags, and whatever plugins keep
 * there. Within a block, what the build's context says lets Pipeline hide arguments and errors by itself
 * ({@link MaskedFailures}, names of sensitive variables); for all else Pipeline asks no extension, so it is done here as soon
 * as the record is there.
 */
@Extension
public class PipelineRecords implements GraphListener.Synchronous {
    private static final Logger LOGGER = Logger.getLogger(PipelineRecords.class.getName());
    private static final XStream2 XSTREAM = new XStream2();
    private static final long FIRST_LOOK_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    @Override
    public void onNewHead(FlowNode node) {
        look(node);
    }

    private static void look(FlowNode node) {
        Mask mask = maskOf(node);
        if (mask.isEmpty()) {
            return;
        }
        var changed = new LinkedHashSet<FlowNode>();
        changed.add(node);
        // What a step records while it runs is there when the next node begins: its error, a warning; or a step within
        // a
        // block did it to the block, as "unstable" does to its stage.
        changed.addAll(node.getParents());
        node.iterateEnclosingBlocks().forEach(changed::add);
        node.getParents().forEach(parent -> parent.iterateEnclosingBlocks().forEach(changed::add));
        changed.forEach(each -> hide(each, mask));
        lookAgain(node, FIRST_LOOK_MILLIS);
    }

    /** What a step does to its own node after that, or to one of its blocks, stays there for as long as its process runs. */
    private static void lookAgain(FlowNode node, long millis) {
        Timer.get()
                .schedule(
                        () -> {
                            FlowExecution execution = node.getExecution();
                            Mask mask = execution.isComplete() || !execution.isCurrentHead(node)
                                    ? Mask.none()
                                    : maskOf(node);
                            if (!mask.isEmpty()) {
                                hide(node, mask);
                                node.iterateEnclosingBlocks().forEach(block -> hide(block, mask));
                                lookAgain(node, Math.min(2 * millis, LONGEST_PAUSE_MILLIS));
                            }
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    /** Jenkins started again in the middle of a step: nothing before that is still looked at. */
    @Extension
    public static class OfResumed extends FlowExecutionListener {
        @Override
        public void onResumed(@NonNull FlowExecution execution) {
            execution.getCurrentHeads().forEach(PipelineRecords::look);
        }
    }

    private static Mask maskOf(FlowNode node) {
        try {
            return node.getExecution().getOwner().getExecutable() instanceof Run<?, ?> run
                    ? BuildMask.of(run).mask()
                    : Mask.none();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot look at the tokens of " + node);
            return Mask.none();
        }
    }

    private static void hide(FlowNode node, Mask mask) {
        List<Action> actions = node.getActions();
        for (Action action : List.copyOf(actions)) {
            Action instead = hide(action, mask);
            // Others may add or remove some at this moment.
            int at = instead == action ? -1 : actions.indexOf(action);
            if (at >= 0 && instead == null) {
                actions.remove(at);
            } else if (at >= 0) {
                // In one step: each change saves the node, which is refused when the build is over, with a warning.
                Action was = actions.set(at, instead);
                if (was != action) {
                    actions.add(was);
                }
                if (instead instanceof FlowNodeAction ofNode) {
                    ofNode.onLoad(node);
                }
            }
        }
    }

    /** The same object if there is nothing to hide in it; null if it cannot be without. */
    @CheckForNull
    private static Action hide(@NonNull Action action, @NonNull Mask mask) {
        if (action instanceof ArgumentsAction arguments) {
            MaskedArguments hidden = MaskedArguments.of(arguments, mask);
            return hidden == null ? action : hidden;
        } else if (action instanceof ErrorAction error) {
            return hide(error, mask);
        }
        // As Pipeline is going to write it, or has.
        String written = XSTREAM.toXML(action);
        if (!mask.reveals(written)) {
            return action;
        }
        try {
            return (Action) XSTREAM.fromXML(mask.hide(written));
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "A record with a token in it is dropped: {0}", action.getClass());
            return null;
        }
    }

    private static ErrorAction hide(ErrorAction action, Mask mask) {
        Throwable hidden = MaskedFailures.hide(action.getError(), mask);
        ErrorAction shown = hidden == action.getError() ? action : new ErrorAction(hidden);
        // It may print nothing of what it keeps besides.
        return mask.reveals(XSTREAM.toXML(shown))
                ? new ErrorAction(MaskedFailures.withoutFields(action.getError(), mask))
                : shown;
    }
}
