package io.jenkins.plugins.qwiet.grant;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.model.queue.ItemDeletion;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** When a build is written to disk for the sake of its tokens. */
final class BuildSaves {
    private static final Logger LOGGER = Logger.getLogger(BuildSaves.class.getName());

    private static final Set<Run<?, ?>> LATER = ConcurrentHashMap.newKeySet();

    private BuildSaves() {}

    /**
     * Pipeline saves a running build with each node of its graph ({@code CpsFlowExecution.notifyListeners}), and one
     * follows the beginning of a token, or of its end, at once. In a build of many tokens, saving it twice each would cost the most.
     * But nothing follows when Jenkins goes down, and what a build is told then would not be known afterwards.
     */
    static void soon(@NonNull Run<?, ?> run) {
        if (!isPipelineThatGoesOn(run)) {
            now(run);
        }
    }

    /**
     * Qwiet has answered, and nobody waited for it: the next node may be hours away. Within a second; of many answers in that
     * time, once.
     */
    static void later(@NonNull Run<?, ?> run) {
        if (!isPipelineThatGoesOn(run)) {
            now(run);
        } else if (LATER.add(run)) {
            Jenkins jenkins = Jenkins.get();
            CompletableFuture.runAsync(
                    () -> {
                        LATER.remove(run);
                        // Pipeline saves it at its end and when Jenkins goes down, and nobody may write behind that.
                        if (Jenkins.getInstanceOrNull() == jenkins && isPipelineThatGoesOn(run)) {
                            now(run);
                        }
                    },
                    CompletableFuture.delayedExecutor(
                            1, TimeUnit.SECONDS, JenkinsLeases.get().savesOf(run)));
        }
    }

    private static boolean isPipelineThatGoesOn(Run<?, ?> run) {
        return run instanceof FlowExecutionOwner.Executable && run.isBuilding() && !Shutdown.hasBegun();
    }

    /** Whatever goes on. What cannot be written is in Jenkins' own log. */
    static void now(@NonNull Run<?, ?> run) {
        if (!run.getRootDir().isDirectory() || ItemDeletion.contains(run.getParent())) {
            return; // Deleted, or just being: saving it would bring it back, or keep its folder from being removed.
        }
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save the tokens of " + run);
        }
    }
}
