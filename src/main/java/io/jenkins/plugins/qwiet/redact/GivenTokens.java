package io.jenkins.plugins.qwiet.redact;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Cause;
import hudson.model.Computer;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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

    /**
     * What builds that are over left, for a build that is on its way from the queue to its first line just then: nobody knows of that.
     */
    private static final Set<Left> LEFT = ConcurrentHashMap.newKeySet();

    /** Longer than any such way. */
    private static final long KEPT_HOURS = 1;

    /** @param holders as {@link BuildKey#text} gives them */
    private record Left(Set<String> holders, GivenTokens tokens) {}

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
     * or runs or begins; with the build that it is a part of, which may start others later; and with those that this one started.
     *
     * @return completes when it is on disk with those that run, or cannot be
     */
    @NonNull
    static CompletableFuture<Void> leave(
            @CheckForNull BuildKey holder, @CheckForNull BuildKey whole, @NonNull Collection<SecretText> active) {
        Set<String> holders = Stream.of(holder, whole)
                .filter(Objects::nonNull)
                .map(BuildKey::text)
                .collect(Collectors.toSet());
        var left = new GivenTokens(active);
        // First this: whoever begins from here on looks here by himself.
        var kept = new Left(holders, left);
        LEFT.add(kept);
        Timer.get().schedule(() -> LEFT.remove(kept), KEPT_HOURS, TimeUnit.HOURS);
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            // These first: they may begin meanwhile.
            for (Queue.Item item : Queue.getInstance().getItems()) {
                if (isBy(holders, item)) {
                    left.addTo(item);
                }
            }
        }
        List<CompletableFuture<Void>> saves = new ArrayList<>();
        for (Run<?, ?> run : KnownBuilds.running()) {
            if ((isBy(holders, run) || BuildKey.of(run).equals(whole)) && left.addTo(run)) {
                BuildMask.of(run).hideGiven(active);
                // Whoever ends the other build may hold a lock. And these threads are there while Jenkins stops.
                saves.add(CompletableFuture.runAsync(() -> save(run), Computer.threadPoolForRemoting));
            }
        }
        return CompletableFuture.allOf(saves.toArray(CompletableFuture[]::new));
    }

    /** Gives a build that begins to print what builds that started it left meanwhile. */
    static void receive(@NonNull Run<?, ?> run) {
        Set<String> upstream = UpstreamBuilds.of(run);
        if (!upstream.isEmpty()) {
            LEFT.stream()
                    .filter(left -> left.holders.stream().anyMatch(upstream::contains))
                    .forEach(left -> left.tokens.addTo(run));
        }
    }

    /** For tests: nobody left anything, as in another process. */
    static void forgetAll() {
        LEFT.clear();
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

    /** False if it was there before. */
    private boolean addTo(Actionable given) {
        GivenTokens known = given.getAction(GivenTokens.class);
        if (known != null) {
            return known.add(tokens);
        }
        given.addAction(new GivenTokens(this));
        return true;
    }

    private synchronized boolean add(Collection<Secret> more) {
        var all = new LinkedHashSet<>(tokens);
        boolean isMore = all.addAll(more);
        tokens = new ArrayList<>(all);
        return isMore;
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
