package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.InvisibleAction;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.ItemListener;
import hudson.model.listeners.RunListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * What a running build was called before its job, or a folder above it, was renamed or moved. Builds that it started, and those
 * that wait in the queue, go on to call it that, also after a restart. Safe on any thread.
 */
public final class EarlierNames extends InvisibleAction {
    private static final Logger LOGGER = Logger.getLogger(EarlierNames.class.getName());

    /** As {@link Run#getExternalizableId} gave them. Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile List<String> names = new ArrayList<>();

    /** Those of a build; empty for nearly all. */
    @NonNull
    static List<String> of(@NonNull Run<?, ?> run) {
        return run.getActions(EarlierNames.class).stream()
                .flatMap(known -> known.names.stream())
                .toList();
    }

    private static synchronized void add(Run<?, ?> run, String name) {
        var known = run.getActions(EarlierNames.class).stream().findFirst().orElseGet(() -> {
            var made = new EarlierNames();
            run.addAction(made);
            return made;
        });
        var more = new ArrayList<>(known.names);
        more.add(name);
        known.names = more;
    }

    /** Jenkins tells it of each job in a folder, too. */
    @Extension
    public static class OfMoved extends ItemListener {
        @Override
        public void onLocationChanged(@NonNull Item item, @NonNull String oldFullName, @NonNull String newFullName) {
            if (item instanceof Job<?, ?> job) {
                for (Run<?, ?> run : KnownBuilds.running(job)) {
                    add(run, oldFullName + "#" + run.getNumber());
                    save(run);
                }
            }
        }

        /** Others do not survive a restart. */
        private static void save(Run<?, ?> run) {
            if (run instanceof FlowExecutionOwner.Executable) {
                try {
                    run.save();
                } catch (IOException e) {
                    LOGGER.log(
                            Level.WARNING,
                            e,
                            () -> "Cannot save what " + run
                                    + " was called before its job was renamed or moved. Let it end before"
                                    + " Jenkins is restarted, or builds that it started may print tokens that they read from files");
                }
            }
        }
    }

    /** Holds no token any more: {@code grant.EndOfBuild} comes before this. Nothing of it stays in a build's record. */
    @Extension
    public static class OfCompleted extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
            if (!of(run).isEmpty()) {
                run.removeActions(EarlierNames.class);
            }
        }
    }
}
