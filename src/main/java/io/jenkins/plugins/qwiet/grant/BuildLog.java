package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.LogTaskListener;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** The log of a running build, for what is said about its tokens while no step of it is concerned. Safe on any thread. */
final class BuildLog {
    private static final Logger LOGGER = Logger.getLogger(BuildLog.class.getName());

    /** A build that is no Pipeline gives its log to its steps only. It holds the log itself, and a log may hold its build. */
    private static final Map<Run<?, ?>, WeakReference<TaskListener>> KNOWN = new WeakHashMap<>();

    private BuildLog() {}

    static void remember(@NonNull Run<?, ?> run, @NonNull TaskListener log) {
        if (!(run instanceof FlowExecutionOwner.Executable)) {
            synchronized (KNOWN) {
                KNOWN.put(run, new WeakReference<>(log));
            }
        }
    }

    @NonNull
    static TaskListener of(@NonNull Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        try {
            if (owner != null) {
                return owner.getListener();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "No log of " + run);
        }
        synchronized (KNOWN) {
            var reference = KNOWN.get(run);
            TaskListener known = reference == null ? null : reference.get();
            return known != null ? known : new LogTaskListener(LOGGER, Level.FINE);
        }
    }
}
