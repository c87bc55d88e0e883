package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.queue.FoldableAction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Which builds started a build, and which started those, as far as they are not over. Jenkins keeps their names with why it was
 * started; but it keeps ten levels and some 25 builds of these, and a name may be another build's when it is read. So this is
 * found out when the build is scheduled, while its upstream builds are in memory and have those names, and goes with it
 * through the queue, its own run and a restart. A build that is over remembers it too: it may start another later. Safe on any
 * thread.
 */
public final class UpstreamBuilds extends InvisibleAction implements FoldableAction {
    private static final Logger LOGGER = Logger.getLogger(UpstreamBuilds.class.getName());

    /** As {@link BuildKey#text} gives them. Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile List<String> keys;

    private UpstreamBuilds(Collection<String> keys) {
        this.keys = new ArrayList<>(keys);
    }

    /** Those of a build, or of what waits in the queue; empty for most. */
    @NonNull
    static Set<String> of(@NonNull Actionable started) {
        return started.getActions(UpstreamBuilds.class).stream()
                .flatMap(each -> each.keys.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Others had started what waits already. */
    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task owner, List<Action> others) {
        UpstreamBuilds known = item.getAction(UpstreamBuilds.class);
        if (known == null) {
            item.addAction(this);
        } else {
            var all = new TreeSet<>(known.keys);
            all.addAll(keys);
            known.keys = new ArrayList<>(all);
        }
    }

    /** Most builds have nothing to do with this plugin: whatever goes wrong, they are scheduled. */
    @Extension
    public static class OfScheduled extends Queue.QueueDecisionHandler {
        @Override
        public boolean shouldSchedule(Queue.Task task, @NonNull List<Action> actions) {
            try {
                List<Cause> causes = actions.stream()
                        .filter(CauseAction.class::isInstance)
                        .flatMap(action -> ((CauseAction) action).getCauses().stream())
                        .toList();
                var before = BuildsBefore.of(causes);
                if (!before.keys().isEmpty()) {
                    actions.add(new UpstreamBuilds(before.keys()));
                }
                GivenTokens.addTo(actions, causes, before.handed());
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot look for the builds that started " + task);
            }
            return true;
        }
    }
}
