package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Cause;
import hudson.model.InvisibleAction;
import hudson.model.ParametersAction;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import hudson.model.queue.FoldableAction;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.qwiet.api.SecretText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.util.Timer;

/**
 * The tokens that stood in what a build was given when it was scheduled, that were handed to a build that started it, or that such a
 * build left active when it was over. Whoever
 * holds them may not be known any more when it runs: Jenkins may have been restarted, and cannot load the holder; or that is over,
 * and somebody replays a build that it gave one to. Encrypted on disk, and gone from the build's record when it is over. Safe on any thread.
 */
final class GivenTokens extends InvisibleAction implements FoldableAction {
    private static final Logger LOGGER = Logger.getLogger(GivenTokens.class.getName());

    /** Replaced, never changed: Jenkins writes it to disk at any moment. */
    private volatile List<Secret> tokens;

    private GivenTokens(Collection<SecretText> tokens) {
        this.tokens = new ArrayList<>(
                tokens.stream().map(SecretText::reveal).map(Secret::fromString).toList());
    }

    /** Each build its own: it may be given more. */
    private GivenTokens(GivenTokens same) {
        this.tokens = same.tokens;
    }

    /**
     * Remembers with what is scheduled the tokens that stand in its parameters and in why it is started.
     *
     * @param handed those that a build was handed which starts it
     */
    static void addTo(
            @NonNull List<Action> actions, @NonNull Collection<Cause> causes, @NonNull Collection<SecretText> handed) {
        List<ParametersAction> parameters = actions.stream()
                .filter(ParametersAction.class::isInstance)
                .map(ParametersAction.class::cast)
                .toList();
        Set<SecretText> given = new LinkedHashSet<>(handed);
        parameters.stream().flatMap(GivenParameters::tokensOf).forEach(given::add);
        if (BuildMask.anyHidesAnything()) {
            Stream.concat(
                            causes.stream().flatMap(StartedBy::textsOf),
                            parameters.stream().flatMap(GivenParameters::textsOf))
                    .filter(Objects::nonNull)
                    .forEach(text -> given.addAll(BuildMask.anyIn(text)));
        }
        if (!given.isEmpty()) {
            actions.add(new GivenTokens(given));
        }
    }

    /**
     * Those of a build, or of what waits in the queue; empty for most. Also those that are known to stand in parameters: a build that
     * is restarted from a stage gets those of another only after it was scheduled.
     */
    @NonNull
    static List<SecretText> of(@NonNull Actionable given) {
        return Stream.concat(
                        given.getActions(GivenTokens.class).stream()
                                .flatMap(each -> each.tokens.stream())
                                .map(token -> SecretText.of(token.getPlainText())),
                        given.getActions(ParametersAction.class).stream().flatMap(GivenParameters::tokensOf))
                .distinct()
                .toList();
    }

    /**
     * Remembers tokens that are active though the build that held them is over, with each build that it started, whether that waits
     * or runs; with the build that it is a part of, which may start others later; and with those that this one started.
     */
    static void leave(
            @CheckForNull BuildKey holder, @CheckForNull BuildKey whole, @NonNull Collection<SecretText> active) {
        Set<String> holders = Stream.of(holder, whole)
                .filter(Objects::nonNull)
                .map(BuildKey::text)
                .collect(Collectors.toSet());
        var left = new GivenTokens(active);
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            // These first: they may begin meanwhile.
            for (Queue.Item item : Queue.getInstance().getItems()) {
                if (isBy(holders, item)) {
                    left.addTo(item);
                }
            }
        }
        for (Run<?, ?> run : KnownBuilds.running()) {
            if (isBy(holders, run) || BuildKey.of(run).equals(whole)) {
                left.addTo(run);
                BuildMask.of(run).hideGiven(active);
                // Whoever ends the other build may hold a lock.
                Timer.get().execute(() -> save(run));
            }
        }
    }

    private static boolean isBy(Set<String> holders, Actionable started) {
        return UpstreamBuilds.of(started).stream().anyMatch(holders::contains);
    }

    private static void save(Run<?, ?> run) {
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save " + run);
        }
    }

    /** Others had been given to what waits already. */
    @Override
    public void foldIntoExisting(Queue.Item item, Queue.Task owner, List<Action> others) {
        addTo(item);
    }

    private void addTo(Actionable given) {
        GivenTokens known = given.getAction(GivenTokens.class);
        if (known == null) {
            given.addAction(new GivenTokens(this));
        } else {
            known.add(tokens);
        }
    }

    private synchronized void add(Collection<Secret> more) {
        var all = new LinkedHashSet<>(tokens);
        all.addAll(more);
        tokens = new ArrayList<>(all);
    }

    /** It prints nothing more. */
    @Extension
    public static class OfCompleted extends RunListener<Run<?, ?>> {
        @Override
        public void onCompleted(Run<?, ?> run, @NonNull TaskListener log) {
            if (run.getAction(GivenTokens.class) != null) {
                run.removeActions(GivenTokens.class);
            }
        }
    }
}
