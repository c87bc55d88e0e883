package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.qwiet.mask.Mask;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.support.actions.EnvironmentAction;

/**
 * Says so in the log of a Pipeline when a plugin keeps a token with the build: a badge, a summary, the URL of a checkout, what a
 * test printed. In {@code build.xml}, and in files of its own, it is hidden, but pages and REST show what is in memory. That is not replaced: the plugin works with it, and
 * Git would check out from a URL with {@code ****} in it.
 */
final class ShownWithBuilds {
    private static final Logger LOGGER = Logger.getLogger(ShownWithBuilds.class.getName());

    private static final Map<Run<?, ?>, Set<String>> SAID = Collections.synchronizedMap(new WeakHashMap<>());

    private ShownWithBuilds() {}

    /** For a build of which {@code build.xml} was written with a token in it. */
    static void look(@NonNull Run<?, ?> run, @NonNull Mask mask) {
        if (!(run instanceof FlowExecutionOwner.Executable) || !run.isBuilding()) {
            return;
        }
        for (Action action : run.getActions()) {
            if (keeps(action, mask)) {
                say(run, action.getClass().getSimpleName());
            }
        }
    }

    /**
     * Says so once of each, if it is a Pipeline.
     *
     * @param what keeps the token: a class, or a file
     */
    static void say(@NonNull Run<?, ?> run, @NonNull String what) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        if (owner != null && said(run).add(what)) {
            // Whoever saves a build may hold its lock.
            Timer.get().execute(() -> say(owner, what));
        }
    }

    private static Set<String> said(Run<?, ?> run) {
        return SAID.computeIfAbsent(run, r -> Collections.synchronizedSet(new HashSet<>()));
    }

    /** Variables of a Pipeline are taken out of there: {@link CopiedVariables}. */
    private static boolean keeps(Action action, Mask mask) {
        try {
            return !(action instanceof EnvironmentAction) && mask.reveals(Run.XSTREAM2.toXML(action));
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot look for tokens in " + action.getClass());
            return false;
        }
    }

    private static void say(FlowExecutionOwner owner, String what) {
        try {
            owner.getListener().getLogger().println(Messages.ShownWithBuilds_shown(what));
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "A token is shown in " + what + " of " + owner);
        }
    }
}
