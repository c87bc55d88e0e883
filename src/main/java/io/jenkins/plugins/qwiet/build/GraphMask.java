package io.jenkins.plugins.qwiet.build;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
public class GraphMask implements GraphListener.Synchronous {
    private static final Logger LOGGER = Logger.getLogger(GraphMask.class.getName());

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
            Map<String, Object> recorded = arguments.getArguments();
            Object hidden = hide(recorded, mask);
            if (!hidden.equals(recorded)) {
                node.replaceActions(ArgumentsAction.class, new HiddenArguments((Map<?, ?>) hidden));
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

    private static Object hide(Object recorded, Mask mask) {
        if (recorded instanceof CharSequence text) {
            return mask.hide(text.toString());
        } else if (recorded instanceof Map<?, ?> map) {
            var hidden = new LinkedHashMap<Object, Object>();
            map.forEach((key, value) -> hidden.put(key, hide(value, mask)));
            return hidden;
        } else if (recorded instanceof List<?> list) {
            return list.stream().map(each -> hide(each, mask)).toList();
        }
        return recorded;
    }

    /** A step's arguments without what nobody may see. */
    static final class HiddenArguments extends ArgumentsAction {
        private final Map<String, Object> arguments = new LinkedHashMap<>();

        HiddenArguments(Map<?, ?> arguments) {
            arguments.forEach((name, value) -> this.arguments.put((String) name, value));
        }

        @NonNull
        @Override
        protected Map<String, Object> getArgumentsInternal() {
            return arguments;
        }
    }
}
